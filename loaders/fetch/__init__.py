"""Reports that a user lists → files in the user's folder: the only part that goes to the network, and only when called.

listing    urls.csv → what is wanted
urls       an address taken apart; only http and https
addresses  which hosts may be asked: public ones
robots     what a site allows
pace       when a host is asked again
wire       one request and its answer, within limits; the only module with network code
store      the bytes as they came, a note beside each, index.csv
run        all of it, in order
"""
