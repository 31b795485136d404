"""Where a called party may be: states and clocks, from NANPA's area codes, written by hand."""

from __future__ import annotations

E, C, M, P = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
AZ, HI, ADAK, ALASKA = "America/Phoenix", "Pacific/Honolulu", "America/Adak", "America/Anchorage"
ATLANTIC, NEWFOUNDLAND, REGINA = "America/Halifax", "America/St_Johns", "America/Regina"
ISLANDS = "America/Puerto_Rico"

STATES: dict[str, tuple[str, str, str]] = {
    "AK": ("Alaska", f"{ALASKA} {ADAK} {HI}", "907"),
    "AL": ("Alabama", C, "205 251 256 334 659 938"),
    "AR": ("Arkansas", C, "327 479 501 870"),
    "AS": ("American Samoa", "Pacific/Pago_Pago", "684"),
    "AZ": ("Arizona", f"{AZ} {M}", "480 520 602 623 928"),
    "CA": (
        "California",
        P,
        "209 213 279 310 323 341 350 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 707 714 738 747 "
        "760 805 818 820 831 840 858 909 916 925 949 951",
    ),
    "CO": ("Colorado", M, "303 719 720 748 970 983"),
    "CT": ("Connecticut", E, "203 475 860 959"),
    "DC": ("District of Columbia", E, "202 771"),
    "DE": ("Delaware", E, "302"),
    "FL": (
        "Florida",
        f"{E} {C}",
        "239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 813 850 863 904 941 954",
    ),
    "GA": ("Georgia", E, "229 404 470 478 678 706 762 770 912 943"),
    "GU": ("Guam", "Pacific/Guam", "671"),
    "HI": ("Hawaii", HI, "808"),
    "IA": ("Iowa", C, "319 515 563 641 712"),
    "ID": ("Idaho", f"{M} {P}", "208 986"),
    "IL": ("Illinois", C, "217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 872"),
    "IN": ("Indiana", f"{E} {C}", "219 260 317 463 574 765 812 930"),
    "KS": ("Kansas", f"{C} {M}", "316 620 785 913"),
    "KY": ("Kentucky", f"{E} {C}", "270 364 502 606 859"),
    "LA": ("Louisiana", C, "225 318 337 504 985"),
    "MA": ("Massachusetts", E, "339 351 413 508 617 774 781 857 978"),
    "MD": ("Maryland", E, "227 240 301 410 443 667"),
    "ME": ("Maine", E, "207"),
    "MI": ("Michigan", f"{E} {C}", "231 248 269 313 517 586 616 679 734 810 906 947 989"),
    "MN": ("Minnesota", C, "218 320 507 612 651 763 924 952"),
    "MO": ("Missouri", C, "235 314 417 557 573 636 660 816 975"),
    "MP": ("Northern Mariana Islands", "Pacific/Saipan", "670"),
    "MS": ("Mississippi", C, "228 601 662 769"),
    "MT": ("Montana", M, "406"),
    "NC": ("North Carolina", E, "252 336 472 704 743 828 910 919 980 984"),
    "ND": ("North Dakota", f"{C} {M}", "701"),
    "NE": ("Nebraska", f"{C} {M}", "308 402 531"),
    "NH": ("New Hampshire", E, "603"),
    "NJ": ("New Jersey", E, "201 551 609 640 732 848 856 862 908 973"),
    "NM": ("New Mexico", M, "505 575"),
    "NV": ("Nevada", f"{P} {M}", "702 725 775"),
    "NY": (
        "New York",
        E,
        "212 315 329 332 347 363 516 518 585 607 631 646 680 716 718 838 845 914 917 929 934",
    ),
    "OH": ("Ohio", E, "216 220 234 283 326 330 380 419 436 440 513 567 614 740 937"),
    "OK": ("Oklahoma", C, "405 539 572 580 918"),
    "OR": ("Oregon", f"{P} {M}", "458 503 541 971"),
    "PA": ("Pennsylvania", E, "215 223 267 272 412 445 484 570 582 610 717 724 814 835 878"),
    "PR": ("Puerto Rico", ISLANDS, "787 939"),
    "RI": ("Rhode Island", E, "401"),
    "SC": ("South Carolina", E, "803 821 839 843 854 864"),
    "SD": ("South Dakota", f"{C} {M}", "605"),
    "TN": ("Tennessee", f"{E} {C}", "423 615 629 731 865 901 931"),
    "TX": (
        "Texas",
        f"{C} {M}",
        "210 214 254 281 325 346 361 409 430 432 469 512 682 713 726 737 806 817 830 832 903 915 936 940 945 956 972 "
        "979",
    ),
    "UT": ("Utah", M, "385 435 801"),
    "VA": ("Virginia", E, "276 434 540 571 686 703 757 804 826 948"),
    "VI": ("U.S. Virgin Islands", ISLANDS, "340"),
    "VT": ("Vermont", E, "802"),
    "WA": ("Washington", P, "206 253 360 425 509 564"),
    "WI": ("Wisconsin", C, "262 274 353 414 534 608 715 920"),
    "WV": ("West Virginia", E, "304 681"),
    "WY": ("Wyoming", M, "307"),
}
"""Letters → name, every clock of the state, area codes."""
PROVINCES: dict[str, tuple[str, str, str, str]] = {
    "AB": ("Alberta", M, "368 403 587 780 825", "T"),
    "BC": ("British Columbia", f"{P} {M} {AZ}", "236 250 257 604 672 778", "V"),
    "MB": ("Manitoba", C, "204 431 584", "R"),
    "NB": ("New Brunswick", ATLANTIC, "428 506", "E"),
    "NL": ("Newfoundland and Labrador", f"{NEWFOUNDLAND} {ATLANTIC}", "709 879", "A"),
    "NS": ("Nova Scotia", ATLANTIC, "782 902", "B"),
    "NT": ("Northwest Territories", M, "867", "X"),
    "NU": ("Nunavut", f"{C} {M} {E}", "867", "X"),
    "ON": (
        "Ontario",
        f"{E} {C} America/Atikokan",
        "226 249 289 343 365 382 416 437 519 548 613 647 683 705 742 753 807 905 942",
        "KLMNP",
    ),
    "PE": ("Prince Edward Island", ATLANTIC, "782 902", "C"),
    "QC": ("Quebec", f"{E} {ATLANTIC}", "263 273 354 367 418 438 450 468 514 579 581 819 873", "GHJ"),
    "SK": ("Saskatchewan", f"{REGINA} {M}", "306 474 639", "S"),
    "YT": ("Yukon", "America/Whitehorse", "867", "Y"),
}
"""Besides the first letters of postal codes."""
ISLAND_CODES = {
    "242": ("BS", "America/Nassau"),
    "246": ("BB", "America/Barbados"),
    "264": ("AI", "America/Anguilla"),
    "268": ("AG", "America/Antigua"),
    "284": ("VG", "America/Tortola"),
    "345": ("KY", "America/Cayman"),
    "441": ("BM", "Atlantic/Bermuda"),
    "473": ("GD", "America/Grenada"),
    "649": ("TC", "America/Grand_Turk"),
    "658": ("JM", "America/Jamaica"),
    "664": ("MS", "America/Montserrat"),
    "721": ("SX", "America/Lower_Princes"),
    "758": ("LC", "America/St_Lucia"),
    "767": ("DM", "America/Dominica"),
    "784": ("VC", "America/St_Vincent"),
    "809": ("DO", "America/Santo_Domingo"),
    "829": ("DO", "America/Santo_Domingo"),
    "849": ("DO", "America/Santo_Domingo"),
    "868": ("TT", "America/Port_of_Spain"),
    "869": ("KN", "America/St_Kitts"),
    "876": ("JM", "America/Jamaica"),
}
WHOLLY_IN = (
    (E, "239 305 321 324 352 386 407 561 645 656 727 728 754 772 786 813 863 904 941 954"),
    (E, "260 317 463 765 502 859 865 231 248 269 313 517 586 616 679 734 810 947 989"),
    (E, "263 273 354 438 450 468 514 579 819 873"),
    (E, "226 249 289 343 365 382 416 437 519 548 613 647 683 705 742 753 905 942"),
    (C, "316 913 402 531 615 629 731 901"),
    (
        C,
        "210 214 254 281 325 346 361 409 430 469 512 682 713 726 737 806 817 830 832 903 936 940 945 956 972 979",
    ),
    (AZ, "480 520 602 623"),
    (P, "503 971 702 725 604 257"),
)
ONE_ZONE = {code: zone for zone, codes in WHOLLY_IN for code in codes.split()}
"""Area codes that lie in one zone of a state that has several (GATE.md names those that do not)."""
ABROAD = {
    "+442079460123": ("GB", "Europe/London"),
    "+447400123456": ("GB", "Europe/London"),
    "+441534123456": ("JE", "Europe/Jersey"),
    "+441481256789": ("GG", "Europe/Guernsey"),
    "+33142345678": ("FR", "Europe/Paris"),
    "+390612345678": ("IT", "Europe/Rome"),
}
"""The only numbers abroad that the tests ask about; any other may not be dialed here."""
ZIPS = {
    "90210": ("US-CA", P),
    "36101-1234": ("US-AL", C),
    "33101": ("US-FL", E),
    " 32501 ": ("US-FL", C),
    "02108": ("US-MA", E),
    "79901": ("US-TX", M),
    "97914": ("US-OR", M),
    "96701": ("US-HI", HI),
    "00901": ("US-PR", ISLANDS),
    "041010001": ("US-ME", E),
    "99634": ("US-AK", f"{ALASKA} {ADAK} {HI}"),
}
NO_ZIPS = ("", "?", "1234", "\uff19\uff10\uff12\uff11\uff10", "SW1A 1AA")
"""They say nothing (one is in digits of another script): the number's own places hold."""
MILITARY_ZIP = "09001"
"""Where its people are nobody knows."""


def told_by_number(number: str) -> tuple[set[str], set[str]] | None:
    """States and clocks of a number; None: nothing tells."""
    if not number.startswith("+1"):
        found = ABROAD.get(number)
        return ({found[0]}, {found[1]}) if found else None
    area = number[2:5]
    states, zones = set(), set()
    for letters, (_, clocks, codes) in STATES.items():
        if area in codes.split():
            states.add(f"US-{letters}")
            zones |= {ONE_ZONE[area]} if area in ONE_ZONE else set(clocks.split())
    for letters, (_, clocks, codes, _) in PROVINCES.items():
        if area in codes.split():
            states.add(f"CA-{letters}")
            zones |= {ONE_ZONE[area]} if area in ONE_ZONE else set(clocks.split())
    if area in ISLAND_CODES:
        states.add(ISLAND_CODES[area][0])
        zones.add(ISLAND_CODES[area][1])
    return (states, zones) if states else None


def told_by_postal_code(code: str) -> tuple[set[str], set[str]] | None:
    """States and clocks of a ZIP or Canadian postal code; None: it is one that cannot be placed."""
    if code == MILITARY_ZIP:
        return None
    if code in ZIPS:
        state, zones = ZIPS[code]
        return {state}, set(zones.split())
    if code in NO_ZIPS:
        return set(), set()
    found = [letters for letters, (_, _, _, firsts) in PROVINCES.items() if code.strip().upper()[0] in firsts]
    return {f"CA-{letters}" for letters in found}, {
        z for letters in found for z in PROVINCES[letters][1].split()
    }


def told_by_state(given: str) -> tuple[set[str], set[str]] | None:
    """State and clocks of what a lead gives; None: no such state."""
    wanted = " ".join(given.upper().split())
    if not wanted:
        return set(), set()
    for country, table in (("US", STATES), ("CA", PROVINCES)):
        for letters, row in table.items():
            if wanted in (letters, row[0].upper()):
                return {f"{country}-{letters}"}, set(row[1].split())
    return None


def where(number: str, postal_code: str, state: str) -> tuple[set[str], set[str]] | None:
    """All states and clocks of a called party; None where something that tells cannot be understood."""
    by_number, by_state = told_by_number(number), told_by_state(state)
    here = number.startswith("+1")
    by_code = told_by_postal_code(postal_code) if here else (set(), set())
    if by_number is None or by_code is None or (by_state is None and here):
        return None
    states, zones = set(by_number[0]), set(by_number[1])
    is_zip = any(each.startswith("US-") for each in by_code[0])
    if is_zip or not by_code[0] <= by_number[0]:
        states, zones = states | by_code[0], zones | by_code[1]
    if by_state is not None and not by_state[0] <= states:
        states, zones = states | by_state[0], zones | by_state[1]
    return states, zones


CAUTIOUS_CODES = ("367", "402", "418", "436", "474", "531", "581", "679", "867", "879", "924")
CAUTIOUS_STATES = {"CA-NL", "CA-NT", "CA-NU", "CA-QC", "CA-SK", "CA-YT"}
"""Where the gate reckons with more clocks than these, or does not know the area code yet: it may refuse more."""


def gate_may_refuse_more(number: str, postal_code: str, state: str) -> bool:
    """Whether the gate's own table is known to be stricter than this one."""
    where_ = where(number, postal_code, state)
    return number[2:5] in CAUTIOUS_CODES or (where_ is not None and bool(where_[0] & CAUTIOUS_STATES))
