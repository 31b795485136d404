"""The SIP stack of a child: one PJSUA endpoint, its transports, and an account for each trunk route."""

from __future__ import annotations

import asyncio
from typing import Any

import pjsua2 as pj

from . import cancel
from .log import log
from .sip_call import SipCall
from .wire import Route

USER_AGENT = "Paceline"
CODECS = {"PCMU/8000": 255, "PCMA/8000": 254}
"""Codec and priority; all others are off."""
MEDIA_PORTS_PER_CALL = 2
TEMPORARILY_UNAVAILABLE = 480
SPARE_ACCOUNTS = 3
"""Routes without calls that keep their account; PJSUA has room for a few accounts only."""
LINGER_S = 40.0
"""An ended call may hold on to its account for 32 s (64 times T1, RFC 3261, 17.1.1.2)."""
SRTP_USE = {
    "off": pj.PJMEDIA_SRTP_DISABLED,
    "optional": pj.PJMEDIA_SRTP_OPTIONAL,
    "required": pj.PJMEDIA_SRTP_MANDATORY,
}


class NoRoom(Exception):
    """The stack has no account or call slot left."""


class LineAccount(pj.Account):
    """Our identity towards one trunk."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._loop = loop
        self._spare: list[SipCall] = []
        self.users = 0
        self.idle_since = 0.0

    def onIncomingCall(self, prm: Any) -> None:
        """Somebody calls us: refused, for a line node only dials."""
        try:
            cancel.refuse_incoming(prm.callId, TEMPORARILY_UNAVAILABLE)
        except Exception:
            log.exception("refusing_incoming_call_failed")

    def borrow_call(self) -> SipCall:
        """A call object that no call uses."""
        self.users += 1
        return self._spare.pop() if self._spare else SipCall(self, self._loop)

    def return_call(self, call: SipCall) -> None:
        """The call is over, or was never placed."""
        call.finish()
        self._spare.append(call)
        self.users -= 1
        self.idle_since = self._loop.time()


class Stack:
    """Starts PJSUA as the measured rules want it. Only the thread that made it may use it."""

    def __init__(self, bind: str, calls_wanted: int, ca_file: str, loop: asyncio.AbstractEventLoop) -> None:
        self._bind = bind
        self._ca_file = ca_file
        self._loop = loop
        self._accounts: dict[str, LineAccount] = {}
        self._retired: list[LineAccount] = []
        """Shut down, but kept: their call objects must not be destroyed (see ``SipCall``)."""
        self._transports: dict[tuple[str, bool], int] = {}
        self._endpoint = pj.Endpoint()
        cancel.silence_log()
        self._endpoint.libCreate()
        self._endpoint.libInit(_configuration(calls_wanted))
        cancel.keep_udp()
        self._transport("udp", True)
        self._endpoint.libStart()
        self._endpoint.audDevManager().setNullDev()
        self._choose_codecs()

    @property
    def capacity(self) -> int:
        """The calls that the stack can carry at once."""
        return cancel.max_calls()

    def _choose_codecs(self) -> None:
        for codec in self._endpoint.codecEnum2():
            name = codec.codecId.rpartition("/")[0]
            self._endpoint.codecSetPriority(codec.codecId, CODECS.get(name, 0))

    def _transport(self, kind: str, verify: bool) -> int:
        """The transport of this kind, opened when first asked for. Raises pjsua2.Error."""
        key = (kind, verify or kind != "tls")
        if key not in self._transports:
            config = pj.TransportConfig()
            config.boundAddress = self._bind
            if kind == "tls":
                config.tlsConfig.verifyServer = verify
                config.tlsConfig.CaListFile = self._ca_file if verify else ""
                config.tlsConfig.proto = pj.PJ_SSL_SOCK_PROTO_TLS1_2
            number = {
                "udp": pj.PJSIP_TRANSPORT_UDP,
                "tcp": pj.PJSIP_TRANSPORT_TCP,
                "tls": pj.PJSIP_TRANSPORT_TLS,
            }[kind]
            self._transports[key] = self._endpoint.transportCreate(number, config)
        return self._transports[key]

    def account(self, route: Route, *, register: bool = False) -> LineAccount:
        """The account for this route, made when first asked for. Raises NoRoom or pjsua2.Error."""
        key = f"{route.key}/register" if register else route.key
        found = self._accounts.get(key)
        if found is None:
            self._make_room()
            config = self._account_config(route, register)
            found = LineAccount(self._loop)
            try:
                found.create(config)
            except pj.Error as error:
                raise NoRoom(error.reason) from error
            found.users += register
            self._accounts[key] = found
        return found

    def _make_room(self) -> None:
        """Drop accounts that nothing uses any more, when there are many."""
        now = self._loop.time()
        idle = [k for k, a in self._accounts.items() if not a.users and now - a.idle_since > LINGER_S]
        for key in idle[: max(0, len(self._accounts) - SPARE_ACCOUNTS)]:
            account = self._accounts.pop(key)
            account.shutdown()
            self._retired.append(account)

    def _account_config(self, route: Route, register: bool) -> pj.AccountConfig:
        config = pj.AccountConfig()
        config.idUri = f"sip:{route.username or 'paceline'}@{route.domain}"
        config.sipConfig.transportId = self._transport(route.transport, route.verify_tls)
        if route.transport != "tls":
            # The name stays in the request, its address is used: hide keeps the Route header off the wire.
            config.sipConfig.proxies.append(
                f"<sip:{_bracketed(route.address)}:{route.port};transport={route.transport};lr;hide>"
            )
        if route.username:
            config.sipConfig.authCreds.append(
                pj.AuthCredInfo(
                    "digest", route.realm, route.username, pj.PJSIP_CRED_DATA_PLAIN_PASSWD, route.password
                )
            )
        config.regConfig.registerOnAdd = register
        if register:
            config.regConfig.registrarUri = (
                f"sip:{_bracketed(route.host)}:{route.port};transport={route.transport}"
            )
        config.callConfig.prackUse = pj.PJSUA_100REL_OPTIONAL
        config.mediaConfig.srtpUse = SRTP_USE[route.srtp]
        config.mediaConfig.srtpSecureSignaling = 0
        config.mediaConfig.transportConfig.boundAddress = self._bind
        config.mediaConfig.transportConfig.port = 0
        return config

    def stop(self) -> None:
        """Destroy the endpoint: afterwards the process must leave by ``os._exit``."""
        self._endpoint.libDestroy(pj.PJSUA_DESTROY_NO_RX_MSG)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _configuration(calls_wanted: int) -> pj.EpConfig:
    config = pj.EpConfig()
    config.uaConfig.maxCalls = calls_wanted
    config.uaConfig.threadCnt = 1
    config.uaConfig.mainThreadOnly = False
    config.uaConfig.userAgent = USER_AGENT
    config.logConfig.level = config.logConfig.consoleLevel = 0
    media = config.medConfig
    media.clockRate = media.sndClockRate = 8000
    media.channelCount = 1
    media.audioFramePtime = media.ptime = 20
    media.ecTailLen = 0
    media.noVad = True
    media.maxMediaPorts = max(media.maxMediaPorts, MEDIA_PORTS_PER_CALL * calls_wanted + MEDIA_PORTS_PER_CALL)
    return config
