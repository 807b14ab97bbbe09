"""Tables whose cells ran together: cut where the form's sums leave one way."""
