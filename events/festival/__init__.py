"""The festival of a district: its call, its animations, the public page, the seats that visitors book."""
