"""The tables of before 2019: lists of an indicator, its unit and one or two numbers a row."""
