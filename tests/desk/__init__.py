"""The desk through its addresses, with the sample county."""

import datetime as dt

TODAY = dt.date(2026, 11, 22)
