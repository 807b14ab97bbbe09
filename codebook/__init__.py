"""The names of the field as data: every form, label, alias, unit and check is a row here, never a branch in code.

forms/forms.csv      the vintages of the form; one may extend another
forms/rows.csv       table × row    → label printed in each vintage (empty: not on this form)
forms/columns.csv    table × column → label printed in each vintage
forms/lists.csv      the lists of before 2019: table × row → units and label printed in each form
forms/list_columns.csv  their columns with every heading met
measures.csv         table × row × column → code, labels, kind and unit of the quantity
applicants.csv       the seven columns of the request table
aliases.csv          other wordings met in real reports, each with why, who decided it and when
furniture.csv        printed words that carry no value: headings, corners, notes
characters.csv       look-alike characters → the plain one
provinces.csv        the squares of the tile map
units.toml           how an amount's unit is told
series.csv           quantities followed over forms, with their formula in each
joins.csv            how comparable two forms are in a series, and why
indicators.csv       the catalogue of indicators: formula, guard, caveat
deadlines.csv        when a body of a type must publish
fields.csv           the columns of the published tables
checks.csv           arithmetic and plausibility rules
agencies/types.csv   ending of a body's name → its kind, the first that fits
agencies/heads.csv   national bodies before the place that a name speaks of
agencies/fields.csv  names of a bureau over the years: same body, merged into it, or kin
agencies/scope.csv   wordings of 本级 and 汇总, and of who speaks
derived.csv          what rules may name besides cells: level, year, day, shares of copied text
remarks.csv          findings that no formula tells: tables refused, numbers left over
work.toml            how the data set is named, cited and licensed
"""

from codebook.book import Book, Check, Layout, Measure, Table, book

__all__ = ["Book", "Check", "Layout", "Measure", "Table", "book"]
