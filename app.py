"""Frame and router: which page is shown, in which language, over which data and selection."""

import streamlit as st
from streamlit import runtime
from streamlit.runtime.pages_manager import PagesManager

from dashboard import frame, serving, settings

if runtime.exists():
    frame.show()
else:
    settings.apply()
    # The server imports this file once before its first visitor. Beside a folder named pages/ Streamlit takes
    # that visitor for one of its older page layout and greets a deep link with "Page not found": told here, in time.
    PagesManager.uses_pages_directory = False
    serving.hide_sessions()
    app = st.App(__file__, middleware=serving.MIDDLEWARE, routes=serving.ROUTES)
