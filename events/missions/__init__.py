"""The missions of a substitute: the classes that the plans in force have them take. Each confirms their own."""
