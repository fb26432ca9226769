"""Every place where a browser keeps something of a person: how it ends, and how it is looked for afterwards.

The numbers are those of the team's list of 68 leftovers, planted one by one on Chromium 156.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """A place where something of a person may stay."""

    COOKIES = "cookies"
    LOCAL_STORAGE = "local_storage"
    SESSION_STORAGE = "session_storage"
    INDEXED_DB = "indexed_db"
    CACHE_STORAGE = "cache_storage"
    FILE_SYSTEM = "file_system"
    """Origin-private files, and storage buckets."""
    SERVICE_WORKERS = "service_workers"
    HTTP_CACHE = "http_cache"
    FAVICONS = "favicons"
    HTTP_CREDENTIALS = "http_credentials"
    TLS = "tls"
    """Session tickets, the chosen client certificate, certificate errors that were clicked away."""
    HSTS = "hsts"
    NETWORK_STATE = "network_state"
    CONNECTIONS = "connections"
    """Sockets and requests that live on: WebSockets, streams, a late Set-Cookie."""
    PERMISSIONS = "permissions"
    """What sites may do, zoom included."""
    NOTIFICATIONS = "notifications"
    HISTORY = "history"
    BACK_FORWARD = "back_forward"
    TABS = "tabs"
    """Open windows, and the files from which they would be restored."""
    SHARED_MEMORY = "shared_memory"
    """Shared workers, broadcast channels, locks, blob addresses."""
    AUTOFILL = "autofill"
    PASSWORDS = "passwords"
    DOWNLOADS = "downloads"
    UPLOADS = "uploads"
    """Temporary files of what a page holds or sends, once that no longer fits into memory."""
    CRASH_DUMPS = "crash_dumps"
    """What a page that crashed held in memory."""
    AD_DATA = "ad_data"
    """Trust tokens, and the sites that bounce tracking has noted.

    Chromium 156 has no topics and no shared storage any more, and writes no file for an interest group. What another
    browser keeps of these has no detector: it ends with the profile, and words of the visit are searched in every file.
    """
    MEDIA = "media"
    EXTENSIONS = "extensions"
    CLIPBOARD = "clipboard"
    PRINTING = "printing"
    DISK = "disk"
    """Words of the visit in any file of the next browser, wherever they come from."""
    OWN_ARTEFACTS = "own_artefacts"
    SERVER = "server"


class End(StrEnum):
    """What ends it."""

    PROCESS = "process"
    """It lives in memory; `Area.PROCESS_GONE` proves its end."""
    PROFILE = "profile"
    """It lies in the profile directory; `Area.PROFILE_GONE` proves its end."""
    CLEARED = "cleared"
    """It outlives process and profile, so the handover clears it."""
    LOGOUT = "logout"
    """It lives at the portal; `Area.LOGGED_OUT` and `Area.SESSION_DEAD` prove its end."""
    PEOPLE = "people"
    """It leaves the reach of the guard, so people must look."""


class Search(StrEnum):
    """How it is looked for in the next browser, which never is the way in which it was ended."""

    BROWSER = "asked of the browser"
    FILES = "read in its files"
    WORDS = "searched for words of the visit"
    SYSTEM = "asked of the system"
    REPLAY = "the old session is replayed"
    NOTHING = "nothing can ask for it"


@dataclass(frozen=True, kw_only=True, slots=True)
class Leftover:
    """What stays in one place, until when."""

    place: Place
    numbers: tuple[int, ...]
    """In the list of 68."""
    ends: End
    search: Search
    how: str
    """Where it lives, or why nothing asks for it; in English for engineers."""


def _row(place: Place, ends: End, search: Search, how: str, *numbers: int) -> Leftover:
    return Leftover(place=place, numbers=numbers, ends=ends, search=search, how=how)


LEFTOVERS = (
    _row(Place.COOKIES, End.PROFILE, Search.BROWSER, "every jar of the browser", 1, 2, 3, 4, 5, 7, 8),
    _row(Place.LOCAL_STORAGE, End.PROFILE, Search.FILES, "an address in Local Storage", 9, 67),
    _row(Place.SESSION_STORAGE, End.PROFILE, Search.FILES, "an address in Session Storage", 10),
    _row(Place.INDEXED_DB, End.PROFILE, Search.FILES, "an address in IndexedDB", 11),
    _row(Place.CACHE_STORAGE, End.PROFILE, Search.FILES, "an address in CacheStorage", 12),
    _row(Place.FILE_SYSTEM, End.PROFILE, Search.FILES, "an address in File System or WebStorage", 13, 14, 52),
    _row(Place.SERVICE_WORKERS, End.PROFILE, Search.FILES, "an address in the workers' database", 15, 16),
    _row(Place.HTTP_CACHE, End.PROFILE, Search.FILES, "an address in a cache", 21, 23, 24, 25, 26, 27, 29),
    _row(Place.FAVICONS, End.PROFILE, Search.FILES, "a row of Favicons", 22),
    _row(Place.HTTP_CREDENTIALS, End.PROCESS, Search.NOTHING, "in memory; no command lists them", 39, 40),
    _row(Place.TLS, End.PROCESS, Search.NOTHING, "in memory; no command lists them", 41, 42, 43),
    _row(Place.HSTS, End.PROFILE, Search.FILES, "an entry of TransportSecurity", 44),
    _row(
        Place.NETWORK_STATE, End.PROFILE, Search.FILES, "a server in Network Persistent State, or a row of NEL", 45, 48
    ),
    _row(Place.CONNECTIONS, End.PROCESS, Search.NOTHING, "sockets and names of a process that ended", 6, 46, 56),
    _row(Place.PERMISSIONS, End.PROFILE, Search.FILES, "a site in Preferences", 47, 50, 51),
    _row(Place.NOTIFICATIONS, End.PROFILE, Search.FILES, "an address in Platform Notifications", 53),
    _row(Place.HISTORY, End.PROFILE, Search.FILES, "a row of History, Shortcuts, Top Sites, or predictors", 32, 37),
    _row(Place.BACK_FORWARD, End.PROCESS, Search.NOTHING, "belongs to a tab of a process that ended", 28),
    _row(Place.TABS, End.PROFILE, Search.FILES, "an open page, or a file in Sessions", 18, 30, 31, 33, 34, 57, 58),
    _row(Place.SHARED_MEMORY, End.PROCESS, Search.BROWSER, "a worker of a web address", 17, 19, 20),
    _row(Place.AUTOFILL, End.PROFILE, Search.FILES, "a row of Web Data", 35),
    _row(Place.PASSWORDS, End.PROFILE, Search.FILES, "a row of Login Data", 36),
    _row(Place.DOWNLOADS, End.PROFILE, Search.FILES, "a row of History, or a file in downloads", 38),
    _row(Place.UPLOADS, End.PROFILE, Search.FILES, "a file in blob_storage"),
    _row(Place.CRASH_DUMPS, End.PROFILE, Search.FILES, "a file in Crash Reports"),
    _row(Place.AD_DATA, End.PROFILE, Search.FILES, "a row of Trust Tokens, or of DIPS (bounce tracking)", 49),
    _row(Place.MEDIA, End.PROFILE, Search.NOTHING, "written by protected media alone, which no portal plays", 55),
    _row(Place.EXTENSIONS, End.PROFILE, Search.NOTHING, "each browser is given its extensions anew"),
    _row(
        Place.CLIPBOARD,
        End.CLEARED,
        Search.SYSTEM,
        "what the desktop offers to paste; a headless browser's own ends with it",
        54,
    ),
    _row(Place.PRINTING, End.PEOPLE, Search.SYSTEM, "the spool, where there is one; paper is seen by people", 68),
    _row(Place.DISK, End.PROFILE, Search.WORDS, "UTF-8 and UTF-16LE, in every file of the next browser", 59, 60, 61),
    _row(Place.OWN_ARTEFACTS, End.PROFILE, Search.FILES, "a profile that nobody uses", 62, 63),
    _row(Place.SERVER, End.LOGOUT, Search.REPLAY, "per portal, from outside the browser", 64, 65, 66),
)
"""The whole map, one row for each place."""
