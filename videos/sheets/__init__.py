"""Practice sheets (fiches de pratique): what one tried in class, told to colleagues, with its films and documents."""
