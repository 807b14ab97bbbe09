"""A visitor's own reports: taken in, read by the loaders in a process of their own, shown to this session only.

limits     what is taken, and the operator's switches
store      folders that go with their session
reading    the loaders as a bounded process
session    what this session has; panel: the page
"""
