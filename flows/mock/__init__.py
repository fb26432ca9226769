"""Two portals and an identity provider as real HTTPS servers, with books that tell the truth afterwards."""

from flows.mock.books import BackOffice, Books, PointApplication, RegisteredAccount
from flows.mock.faults import AnswerFault, Faults, HostFaults, IdentityFault, LogoutFault
from flows.mock.hosts import HOSTS, IDP, MYPAGE, POINT
from flows.mock.portals import MockPortals
from flows.mock.requestlog import Arrival

__all__ = [
    "HOSTS",
    "IDP",
    "MYPAGE",
    "POINT",
    "AnswerFault",
    "Arrival",
    "BackOffice",
    "Books",
    "Faults",
    "HostFaults",
    "IdentityFault",
    "LogoutFault",
    "MockPortals",
    "PointApplication",
    "RegisteredAccount",
]
