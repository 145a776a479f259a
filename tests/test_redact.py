"""Secrets do not reach a disk, in whatever form a device writes them; what is no secret stays, byte for byte."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.evidence import Answer, Ask, Kind, Origin, Recorder
from harness.evidence.redact import GONE, Redactor, redact, redact_bytes
from tests.recordings import recorded

CANARY = "c4nary-Xq7"
HASH = "$6$rounds$c4naryc4naryc4nary"
HEX = "0822455d0a16c4a9"
KEY = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ" * 3

# What it is, the text with ! for the canary.
FORMS = """
CONFIG_DB, community as a key | {"SNMP_COMMUNITY": {"!": {"TYPE": "RO"}}}
CONFIG_DB, community as a key over lines | {\\n "SNMP_COMMUNITY": {\\n  "!": {\\n   "TYPE": "RO"\\n  }\\n }\\n}
CONFIG_DB, flat | {"SNMP_COMMUNITY|!": {"TYPE": "RO"}}
CONFIG_DB, a key of redis-cli | 1) "SNMP_COMMUNITY|!"
CONFIG_DB as Python writes it | {'SNMP_COMMUNITY': {'!': {'TYPE': 'RO'}}}
CONFIG_DB, SNMP user | {"SNMP_USER": {"u": {"SNMP_USER_AUTH_PASSWORD": "!", "SNMP_USER_TYPE": "Priv"}}}
CONFIG_DB, SNMP user's encryption | "SNMP_USER_ENCRYPTION_PASSWORD": "!",
CONFIG_DB, TACACS+ | {"TACPLUS": {"global": {"auth_type": "login", "passkey": "!"}}}
CONFIG_DB, RADIUS | {"RADIUS_SERVER|192.0.2.1": {"passkey": "!", "priority": "1"}}
CONFIG_DB, LDAP | {"LDAP": {"global": {"bind_password": "!"}}}
CONFIG_DB, BGP neighbour | {"BGP_NEIGHBOR": {"192.0.2.1": {"password": "!", "asn": "65000"}}}
CONFIG_DB, BGP password | {"bgp_password": "!"}
CONFIG_DB, MACsec | {"MACSEC_PROFILE": {"p": {"primary_cak": "!", "primary_ckn": "61"}}}
CONFIG_DB, MACsec's other key | "fallback_cak":"!"
CONFIG_DB, user | {"USER": {"admin": {"password_hash": "!"}}}
CONFIG_DB, key of NTP | {"NTP_KEY": {"1": {"type": "md5", "value": "x", "auth_key": "!"}}}
a number as a password | {"password": 4711471147}
a password among others in a list | {"passwords": ["x", "!"], "mtu": 9100}
a password in an object | {"password": {"value": "!", "encrypted": true}}
a quote within | {"password": "a\\\\"!"}
JSON within JSON | {"log": "{\\\\"password\\\\": \\\\"!\\\\"}"}
sonic snmp.yml | snmp_rocommunity: !
EOS community | snmp-server community ! ro
EOS community, encrypted | snmp-server community 7 ! ro
IOS-XR community | snmp-server community encrypted ! RO
IOS-XR community in clear | snmp-server community clear ! RW SystemOwner
NX-OS community | snmp-server community ! group network-operator
NX-OS trap host | snmp-server host 192.0.2.1 traps version 2c !
EOS trap host | snmp-server host 192.0.2.1 vrf mgmt version 2c !
IOS trap host without version | snmp-server host 192.0.2.1 !
IOS user, authentication | snmp-server user u g v3 auth md5 ! priv aes 128 y
IOS user, privacy | snmp-server user u g v3 auth sha y priv aes 128 !
EOS user | snmp-server user u g v3 localized f5717f00 auth sha256 y priv aes256 !
NX-OS user | snmp-server user admin network-admin auth md5 ! priv 0xabc localizedkey
NX-OS user, privacy | snmp-server user admin network-admin auth md5 0xabc priv ! localizedkey
NX-OS user, aes | snmp-server user admin auth sha 0xabc priv aes-128 ! localizedkey
IOS-XR user | snmp-server user u g v3 auth md5 encrypted ! priv aes 128 encrypted y
net-snmp community | rocommunity ! 192.0.2.0/24
net-snmp writing community | rwcommunity6 !
net-snmp mapping | com2sec notConfigUser default !
net-snmp trap | trap2sink 192.0.2.1 !
net-snmp user | createUser admin SHA "!" AES "y"
net-snmp user's privacy | createUser admin SHA y AES !
snmpwalk | admin@sw:~$ snmpwalk -v2c -c ! 192.0.2.1
snmpget of version 3 | snmpget -v3 -u u -l authPriv -a SHA -A ! -x AES -X y host
username secret | username admin privilege 15 role network-admin secret sha512 !
username password | username admin password 5 ! role network-admin
username in clear | username admin password 0 !
enable secret | enable secret 5 !
enable password | enable password level 15 7 !
a command of EOS in JSON | {"cmds": {"enable secret sha512 !": null, "hostname sw": null}}
line password |  password 7 !
TACACS+ server key | tacacs-server key 7 !
TACACS+ host key | tacacs-server host 192.0.2.1 key !
TACACS+ host key, quoted | tacacs-server host 192.0.2.1 key 7 "!"
RADIUS host | radius-server host 192.0.2.1 auth-port 1812 key !
RADIUS host, encrypted | radius-server host 192.0.2.1 vrf m key 7 ! timeout 5
key of a chain |   key-string 7 !
key of a chain, octets |    key-octet-string 7 ! cryptographic-algorithm AES_128_CMAC
EOS MACsec |    key 0abc 7 !
BGP password, typed | neighbor 192.0.2.1 password 7 !
BGP password | neighbor 192.0.2.1 password !
OSPF digest | ip ospf message-digest-key 1 md5 7 !
OSPF digest in clear | ip ospf message-digest-key 1 md5 !
OSPF key | ip ospf authentication-key !
IS-IS | isis password ! level-2
IS-IS area |  area-password md5 !
VRRP | vrrp 1 authentication text !
HSRP | standby 1 authentication md5 key-string !
NTP | ntp authentication-key 1 md5 ! 7
NTP of Junos | authentication-key 1 type md5 value "!"; ## SECRET-DATA
IKE | crypto isakmp key ! address 192.0.2.1
IKE of Junos | pre-shared-key ascii-text "!"; ## SECRET-DATA
Junos user | encrypted-password "!"; ## SECRET-DATA
Junos BGP |     authentication-key "!";
Junos RADIUS |     192.0.2.1 secret "!"; ## SECRET-DATA
Junos, marked only by itself |     md5 1 key "!"; ## SECRET-DATA
Junos SNMP | snmp {\\n    location here;\\n    community ! {\\n        authorization read-only;\\n    }\\n}
Junos SNMP, short | snmp {\\n    community !;\\n}
Junos SNMP, set | set snmp community ! authorization read-only
Junos SNMP, XML | <snmp><community>\\n <name>!</name></community></snmp>
Cumulus community | nv set service snmp-server readonly-community ! access any
Cumulus user | nv set system aaa user admin hashed-password '!'
Cumulus SNMP user | nv set service snmp-server username u auth-md5 ! encrypt-aes y
Cumulus TACACS+ | nv set system aaa tacacs server 1 secret !
Cumulus YAML |   readonly-community:\\n    !:\\n      access: any
frr.conf | password !
frr.conf, enable | enable password 8 !
shadow | root:!:19000:0:99999:7:::
htpasswd of LDAP | userPassword: {SSHA}!!!!!!!!
ntp.keys | 1 MD5 !
YAML | password: !
YAML, words |   passphrase: correct horse !
YAML, quoted | - api_key: "!"
YAML, block | private_key: \\|\\n  abc !\\n  def\\nmtu: 9100
YAML, list | passwords:\\n  - !\\n  - x
inline YAML | {user: admin, password: !}
Python | 'secret': '!'
ini | password = !
PHP-like | 'password' => '!'
environment | FOO_TOKEN=!
environment, exported | export AWS_SECRET_ACCESS_KEY="!"
environment, words | DB_PASSWORD=a b !
environment, agent | SSH_AUTH_SOCK=/run/!
key and value | Auth Password : !
key and value, community | SNMP Community: !
a command's flag | tool --password ! --verbose
a command's flag with = | tool --api-token=!
sshpass | sshpass -p ! ssh admin@sw
ipmitool | ipmitool -H h -U u -P ! sdr
curl | curl -s -u admin:! https://sw/
curl, long | curl --user 'admin:!' https://sw/
URL | git clone https://admin:!@host/x.git
URL without a user | redis://:!@host:6379/0
URL, query | GET /x?token=!&verbose=1
HTTP bearer | Authorization: Bearer !!
HTTP basic | authorization: Basic !
HTTP in JSON | "Authorization": "Basic !",
HTTP cookie | Set-Cookie: session=!; Path=/
HTTP header | X-Auth-Token: !
GitLab's header | PRIVATE-TOKEN: !
XML | <user><name>admin</name><password>!</password></user>
XML with a namespace | <aaa:shared-secret xmlns:aaa="u">!</aaa:shared-secret>
XML attribute | <server host="h" password="!"/>
CSV | name,password,role\\nadmin,!,rw\\nguest,y,ro
CSV, quoted | "name";"secret"\\n"admin";"a;!"
columns | Community String          Type\\n------------------------  ----\\n!          RO\\n
columns, last |  User    Auth Password\\n------  ---------------\\nu       !
a table of bars | name \\| token\\n-----+------\\nx    \\| !
a table of bars all around | +---+---+\\n\\| name \\| token \\|\\n+---+---+\\n\\| x    \\| ! \\|
CSV with a last column that is empty | secret,x\\n!,
a message | error: login failed with password '!' for admin
a message with = | pam: auth failed user=admin password=! tty=ssh
"""

# A fixed secret that shows by itself, wherever it stands.
TOKENS = (
    "AKIAIOSFODNN7C4NARYX",
    "ghp_c4naryc4naryc4naryc4naryc4naryc4nary",
    "github_pat_c4naryc4naryc4nary_x",
    "glpat-c4naryc4naryc4nary",
    "xoxb-123456789012-c4nary",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjNG5hcnkifQ.c4nary_sig",
    "$6$salt$c4naryc4nary.c4nary/",
    "$1$salt$c4naryc4nary",
    "$y$j9T$c4nary$c4nary",
    "$9$c4nary.c4naryc4nary",
    "{SSHA}c4naryc4naryc4nary==",
)

PRIVATE_KEYS = {
    "PEM": f"-----BEGIN RSA PRIVATE KEY-----\n{KEY}\n-----END RSA PRIVATE KEY-----",
    "PEM, encrypted": "-----BEGIN RSA PRIVATE KEY-----\n"
    f"Proc-Type: 4,ENCRYPTED\n\n{KEY}\n-----END RSA PRIVATE KEY-----",
    "OpenSSH": f"-----BEGIN OPENSSH PRIVATE KEY-----\n{KEY}\n{KEY}\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
    "PGP": f"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{KEY}\n-----END PGP PRIVATE KEY BLOCK-----",
    "moved in": f"  key: |\n    -----BEGIN PRIVATE KEY-----\n    {KEY}\n    -----END PRIVATE KEY-----\n  mtu: 9100",
    "cut short": f"-----BEGIN RSA PRIVATE KEY-----\n{KEY}\n{KEY}",
    "with CRLF": f"-----BEGIN EC PRIVATE KEY-----\r\n{KEY}\r\n-----END EC PRIVATE KEY-----\r\n",
    "in JSON": json.dumps({"x": f"-----BEGIN PRIVATE KEY-----\n{KEY}\n-----END PRIVATE KEY-----\n"}),
    "in JSON, cut short": json.dumps({"x": f"-----BEGIN PRIVATE KEY-----\n{KEY}", "mtu": 9100}),
}

CASES = [
    pytest.param(form.replace("\\n", "\n").replace("\\|", "|").replace("\\\\", "\\"), id=what.strip())
    for what, _, form in (line.partition(" | ") for line in FORMS.strip().splitlines())
]
SECRETS = {"a word": CANARY, "a hash": HASH, "figures": HEX}
ENCODINGS = {"UTF-8": ("utf-8", "\n"), "CRLF": ("utf-8", "\r\n"), "latin-1": ("latin-1", "\n")}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("form", CASES)
def test_a_secret_is_gone(form: str, secret: str, encoding: str) -> None:
    code, newline = ENCODINGS[encoding]
    canary = SECRETS[secret]
    noise = "Büro 4\n" if code == "latin-1" else "rack 4\n"
    raw = f"{noise}{form.replace('!', canary)}\nport up\n".replace("\n", newline).encode(code)
    clean = redact_bytes(raw)
    left = clean.decode(code)
    assert canary not in left
    assert "c4nary" not in left
    assert "4711471147" not in left
    assert GONE[:-1] in left
    assert redact_bytes(clean) == clean, "what was redacted stays so"
    assert clean.count(b"\n") == raw.count(b"\n"), "lines keep their numbers"
    assert left.startswith(noise.rstrip("\n"))
    assert left.rstrip().endswith("port up")


@pytest.mark.parametrize("around", ["{}", "prefix {} suffix", '{{"log": "{}"}}', "a={};b=2"])
@pytest.mark.parametrize("token", TOKENS)
def test_a_token_is_gone_wherever_it_stands(token: str, around: str) -> None:
    clean = redact(around.format(token))
    assert "c4nary" not in clean.casefold()
    assert "eyJ" not in clean
    assert GONE in clean


@pytest.mark.parametrize("text", PRIVATE_KEYS.values(), ids=PRIVATE_KEYS)
def test_a_private_key_is_gone(text: str) -> None:
    clean = redact(f"before\n{text}\nport up\n")
    assert KEY[:16] not in clean
    assert "AAAA" not in clean
    assert clean.startswith("before\n")
    assert clean.endswith("port up\n")
    assert clean.count("\n") == text.count("\n") + 3
    assert ("9100" in clean) == ("9100" in text)


UNTOUCHED = {
    "a hexdump": "00000080 18 50 07 00 00 00 00 00  00 00 00 00 00 00 25 3a |.P............%:|",
    "a serial number": "Vendor SN: INLBK0210043\nVendor PN: QDD-400G-DR4\nVendor OUI: 5c-5e-ab",
    "a table of pairs": "Identifier: QSFP-DD\nKey: value\nBypass: on\nCDR: yes\nPass: 12\nFail: 0",
    "the token bucket": "token bucket rate 100\ntoken-bucket: 100\nTokens: 12\ncbs 1000 token bucket full",
    "a MAC address": "Ethernet0  00:11:22:33:44:55  up  9100",
    "a list of communities": "ip community-list standard CUSTOMERS permit 65000:100\nshow ip community list",
    "a community of routes": "Community: 65000:100 65000:200 no-export\n  Large Community: 65000:1:2",
    "a route map": "route-map X permit 10\n match community CUSTOMERS\n set community 65000:100 additive",
    "communities sent": "neighbor 192.0.2.1 send-community both\nneighbor PEER send-community extended",
    "communities of Junos": "policy-options {\n    community CUSTOMERS members 65000:100;\n    community X {\n"
    "        members [ 65000:1 65000:2 ];\n    }\n    from community CUSTOMERS;\n}",
    "communities in JSON": '{"community": {"string": "65000:100", "list": ["65000:100", "noExport"]}}',
    "a community in JSON": '{"community": "65000:100", "extendedCommunity": "RT:65000:1"}',
    "a checksum": "md5: d41d8cd98f00b204e9800998ecf8427e\nSHA256 (x.bin) = "
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "checksums of a listing": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  sonic.bin",
    "a public key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGsecretlessecretlessecretlessecret admin@sw",
    "a certificate": f"-----BEGIN CERTIFICATE-----\n{KEY}\n-----END CERTIFICATE-----",
    "where a key is": '{"server_key": "/etc/sonic/credentials/restapiserver.key"}',
    "interfaces": "  Ethernet0  1,2,3,4  400G  9100  rs  etp1  routed  up  up  QSFP-DD  off",
    "a sentence": "Password: \n"
    "The password for admin has expired\nsecret is not configured\nPassword authentication failed",
    "settings about passwords": "service password-encryption\n"
    "aaa password min-length 8\npassword policy strict\nno password",
    "a sentence that is no table": "enter name, password\nport up\nport down, twice; again\n"
    "name, token and more\na, b\n",
    "results": '{"pass": "12", "PASS": 3, "fail": "0"}\nPASS=12\n"pass": "PASS"',
    "none": "password: none\nsecret: \nenable password: not set\nbgp_password: null\n",
    "members that are no secret": '{"password": null, "token": true, "keys": ["a", "b"], "key": "value", "keyid": 5}',
    "a key chain": "key chain MACSEC\n  key 1\n    accept-lifetime always",
    "a trusted key": "ntp trusted-key 1\nntp authenticate",
    "BGP capabilities": "  Neighbor capabilities: route refresh; authentication md5 is not configured",
    "a user without a password": "root:*:19000:0:99999:7:::\nbin:!:19000:0:99999:7:::\nx:x:0:0::/:/bin/sh",
    "the shell's directory": "PWD=/home/admin\nOLDPWD=/root\nHOME=/root",
    "a URL": "https://sw.example:8443/x?a=b http://[2001:db8::1]:80/",
    "an SNMP group": "snmp-server group g v3 priv\nsnmp-server enable traps\nsnmp-server host 192.0.2.1 traps",
    "passive": "neighbor 192.0.2.1 passive\nPassive copper cable, compass, surpass",
    "JSON": '{"PORT": {"Ethernet0": {"fec": "rs", "mtu": "9100", "alias": "etp1"}}}',
    "who may": '{"authorization": {"login": "local"}}\nAuthorization: tacacs+',
    "latched": "Tx CDR bypass: False\nauthorization read-only;\nauthentication pre-share",
}


@pytest.mark.parametrize("text", UNTOUCHED.values(), ids=UNTOUCHED)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text


def test_json_keeps_its_shape_and_communities_stay_apart() -> None:
    config = {
        "SNMP_COMMUNITY": {"first": {"TYPE": "RO"}, "second": {"TYPE": "RW"}},
        "TACPLUS": {"global": {"passkey": 'a"b\\', "timeout": "5"}},
        "list": [1, 2.5, None, True],
        "pin": {"password": 1234},
    }
    for indent in (None, 4):
        clean = json.loads(redact(json.dumps(config, indent=indent)))
        assert list(clean["SNMP_COMMUNITY"].values()) == [{"TYPE": "RO"}, {"TYPE": "RW"}]
        assert "first" not in str(clean)
        assert "second" not in str(clean)
        assert clean["TACPLUS"] == {"global": {"passkey": GONE, "timeout": "5"}}
        assert clean["list"] == config["list"]
        assert clean["pin"] == {"password": GONE}


def test_a_password_of_the_run_is_gone_however_it_is_written() -> None:
    redactor = Redactor()
    for secret in ('pä$s/w"rd', 'pä$s/w"rd and more', "abc"):
        redactor.hide(secret)
    echoes = ('pä$s/w"rd', json.dumps('pä$s/w"rd'), "p%C3%A4%24s%2Fw%22rd", "cMOkJHMvdyJyZA==", 'pä$s/w"rd and more')
    for echo in echoes:
        assert redactor.text(f"ok {echo} ok") in (f"ok {GONE} ok", f'ok "{GONE}" ok')
    assert redactor.body('é pä$s/w"rd é'.encode("latin-1")) == f"é {GONE} é".encode("latin-1")
    assert redactor.text("abc") == "abc", "a short one would take half of an answer with it"


def test_a_planted_secret_is_nowhere_in_a_store(tmp_path: Path) -> None:
    body = "".join(f"{case.values[0]}\n\n".replace("!", CANARY) for case in CASES)  # type: ignore[str-format]
    keys = "\n\n".join((*TOKENS, *PRIVATE_KEYS.values()))
    at = datetime(2026, 1, 2, tzinfo=UTC)
    recorder = Recorder(tmp_path, origin=Origin.IMPORTED, made_by="test")
    recorder.append(Answer(Ask("leaf1", Kind.CLI, "show x"), f"{body}{keys}\n".encode(), 0, at))
    recorder.append(Answer(Ask("leaf1", Kind.CLI, "show y"), b"", None, at, error=f"refused: password={CANARY}"))
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"c4nary" not in kept
    assert KEY[:16].encode() not in kept


def test_recorded_outputs_stay_byte_for_byte(recordings: Path) -> None:
    """None of them holds a secret."""
    files = [file for file in recorded("cli/*/*/*") if file.is_file()]
    assert files
    changed = {str(file.relative_to(recordings)) for file in files if redact_bytes(raw := file.read_bytes()) != raw}
    assert changed == set()


def test_recorded_configurations_stay_json_of_the_same_shape(recordings: Path) -> None:
    def shape(value: object) -> object:
        if isinstance(value, dict):
            return [shape(member) for member in value.values()]
        return [shape(item) for item in value] if isinstance(value, list) else None

    for file in recorded("sonic_config/config_db/*.json"):
        raw = file.read_text("utf-8")
        assert shape(json.loads(redact(raw))) == shape(json.loads(raw)), file.name


HOSTILE = {
    "passwords on one line": "password ",
    "keys on one line": "key 7 ",
    "objects that never end": '{"community":{',
    "quotes": '"password": "',
    "private keys that never end": "-----BEGIN PRIVATE KEY-----\n",
    "hosts": "snmp-server host a traps ",
    "titles of tables": "user,password\n",
    "columns": "password  b\n--- ---\n",
    "blocks": "community:\n",
    "communities": "  community a {\n",
    "users": "createuser a md5 ",
    "routes": "community: 65000:100 65000:100 ",
    "colons and figures": "1:",
    "backslashes": '"password": "\\',
    "dollars": "$6$",
    "one letter": "a",
    "blanks": " ",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_time_grows_with_the_length_alone(piece: str) -> None:
    def took(size: int) -> float:
        raw = ("community: " + piece * (size // len(piece))).encode()
        began = time.process_time()
        redact_bytes(raw)
        return time.process_time() - began

    assert took(160_000) < 30 * max(took(20_000), 0.004), "eight times the text"


def test_ordinary_text_of_many_megabytes_takes_a_moment(recordings: Path) -> None:
    texts = b"".join(file.read_bytes() for file in recorded("cli/*/*/*.txt"))
    raw = texts * (10_000_000 // len(texts))
    began = time.process_time()
    assert redact_bytes(raw) == raw
    assert time.process_time() - began < 5
