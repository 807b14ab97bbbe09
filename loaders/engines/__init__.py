"""Where reading happens: processes of this machine, or a Dask cluster of any size."""
