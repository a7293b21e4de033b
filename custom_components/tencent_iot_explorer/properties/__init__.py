"""Rules: which entity a property of a data template becomes, known by what it declares."""
