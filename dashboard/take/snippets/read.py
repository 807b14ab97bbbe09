"""Read long.csv and wide.csv; needs pandas. Run it in the folder of the files: python read.py"""

from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
# The first apostrophe before a text that would run as a formula is ours.
FORMULA = r"^'(?='*[\s\u3000\ufeff\u200b]*[=+\-@|%＝＋－＠｜％\t\r])"


def read(name: str) -> pd.DataFrame:
    """A table with texts as printed in the reports; an empty cell is missing, a zero is 0."""
    table = pd.read_csv(HERE / name, encoding="utf-8-sig", keep_default_na=False, na_values=[""], low_memory=False)
    texts = [str(column) for column in table if not pd.api.types.is_numeric_dtype(table[column])]
    return table.assign(**{column: table[column].replace(FORMULA, "", regex=True) for column in texts})


if __name__ == "__main__":
    long, wide = read("long.csv"), read("wide.csv")
    print(f"{len(long)} cells, {len(wide)} reports")
    print(long["state"].value_counts().to_string())
    print(long[long["counted"]].groupby("label_zh")["value"].sum().to_string())
