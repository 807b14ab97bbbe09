"""Boxes of a page are filled when somebody unfolds them; here all are."""

from __future__ import annotations

import pandas as pd
from streamlit.runtime.state.common import user_key_from_element_id
from streamlit.testing.v1 import AppTest


def unfolded(app: AppTest) -> AppTest:
    """The page with every box unfolded that is filled on demand."""
    keys = [key for box in app.expander if (key := user_key_from_element_id(box.proto.id))]
    for key in keys:
        app.session_state[key] = True
    app.run()
    assert [error.value for error in app.exception] == []
    return app


def tables(app: AppTest) -> list[pd.DataFrame]:
    """Every table of the page, in its boxes too."""
    return [one.value for one in unfolded(app).dataframe]
