"""What files call countries, states and time zones."""

from __future__ import annotations

COUNTRY_NAMES: dict[str, str] = {
    "USA": "US",
    "U.S.": "US",
    "U.S.A.": "US",
    "UNITED STATES": "US",
    "UNITED STATES OF AMERICA": "US",
    "CANADA": "CA",
    "CAN": "CA",
    "UNITED KINGDOM": "GB",
    "GREAT BRITAIN": "GB",
    "UK": "GB",
    "GBR": "GB",
    "MEXICO": "MX",
    "AUSTRALIA": "AU",
    "IRELAND": "IE",
    "GERMANY": "DE",
    "FRANCE": "FR",
}

COMMON_ZONES: dict[str, str] = {
    "EASTERN": "America/New_York",
    "EASTERN TIME": "America/New_York",
    "ET": "America/New_York",
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "CENTRAL": "America/Chicago",
    "CENTRAL TIME": "America/Chicago",
    "CT": "America/Chicago",
    "CST": "America/Chicago",
    "CDT": "America/Chicago",
    "MOUNTAIN": "America/Denver",
    "MOUNTAIN TIME": "America/Denver",
    "MT": "America/Denver",
    "MST": "America/Denver",
    "MDT": "America/Denver",
    "PACIFIC": "America/Los_Angeles",
    "PACIFIC TIME": "America/Los_Angeles",
    "PT": "America/Los_Angeles",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
}
"""Read in North America only in so far as they are added to what number and ZIP say, never instead of it."""

_STATES = (
    "AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|"
    "DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|"
    "KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|"
    "MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|"
    "NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|"
    "SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|"
    "WV West Virginia|WI Wisconsin|WY Wyoming|PR Puerto Rico|VI Virgin Islands|GU Guam"
)
_PAIRS = [entry.split(" ", 1) for entry in _STATES.split("|")]
STATE_CODES: dict[str, str] = {name.upper(): code for code, name in _PAIRS} | {
    code: code for code, _ in _PAIRS
}
"""A state's name or code in capitals → its code."""
