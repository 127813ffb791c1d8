"""A resident's way through one poll over HTTP: look, collect a pass, cast, keep the receipt.

Each step can be repeated after a crash without harm. It prints nothing and asks nobody.
"""

import json
import secrets
from datetime import UTC, datetime
from urllib.parse import urljoin

from voting.client.keeping import Keeper
from voting.client.log import LogReader
from voting.client.receipts import Receipt, check_promise
from voting.client.voter import Voter
from voting.client.web import PATIENCE_S, Refused, Web, origin
from voting.domain.ballots import parse_ballot
from voting.domain.manifest import Manifest
from voting.domain.merkle import leaf_hash
from voting.domain.promises import parse_promise
from voting.domain.refusal import require
from voting.domain.times import parse_minute


class Journey:
    """``poll_url`` ends in ``/polls/<uuid>/``; ``booth`` is the ballot box's origin, if known."""

    def __init__(
        self, poll_url: str, keeper: Keeper, booth: str = "", patience_s: float = PATIENCE_S
    ) -> None:
        kept = keeper.kept
        self.poll_url = poll_url.rstrip("/") + "/"
        self.keeper = keeper
        self.site = Web(json.loads(kept.session), patience_s)
        self.box = Web(None, patience_s)
        self._booth = booth
        self.manifest = self._look()
        self.reader = LogReader(self._fetch, self.manifest, kept.checkpoint)
        seed = bytes.fromhex(kept.seed) or secrets.token_bytes(32)
        self.voter = Voter(self.manifest, seed)

    def follow(self) -> None:
        """See that the log begins with our manifest and extends what it showed us before."""
        self.reader.advance()
        self.keeper.keep(checkpoint=self.reader.note)

    def collect(self) -> None:
        """Get a pass for a seed that is kept first. Raises ``Refused``, ``Refusal("token")``."""
        if not self.keeper.kept.token:
            self.follow()
            self.keeper.keep(
                manifest=self.manifest.sha256.hex(),
                seed=self.voter.seed.hex(),
                session=json.dumps(self.site.cookies),
            )
            url, kind = urljoin(self.poll_url, "pass"), "application/octet-stream"
            token = self.voter.finish(self.site.post(url, self.voter.blinded, kind))
            self.keeper.keep(token=token.hex())
        self.voter.token = bytes.fromhex(self.keeper.kept.token)

    def cast(self, choice: object) -> bytes:
        """The leaf that was promised a place in the log: of ``choice``, or as kept from before.

        Raises ``Refused``; ``Refusal("promise")`` if the promise is not what it must be.
        """
        if not self.keeper.kept.leaf:
            self.keeper.keep(leaf=self.voter.ballot(choice).decode())
        return self.cast_kept()

    def cast_kept(self) -> bytes:
        """Send the kept leaf, again where it was sent before: the same bytes, the same effect."""
        leaf = self.keeper.kept.leaf.encode()
        now = datetime.now(UTC)
        try:
            raw = self.box.post(self._box_url("ballots"), leaf, "text/plain")
        except Refused as refused:
            return self._refused(refused)
        promise = check_promise(raw, leaf, self.manifest, now)
        known = self.keeper.kept.promise
        if not known or promise.by < parse_promise(known.encode()).by:
            self.keeper.keep(promise=raw.decode())
        return leaf

    def prove(self) -> Receipt | None:
        """The receipt with its proof, kept too; None as long as the ballot is not in the log."""
        kept, leaf = self.keeper.kept, self.keeper.kept.leaf.encode()
        if not kept.proof:
            proof = self.reader.proof_of(leaf_hash(leaf))
            self.keeper.keep(checkpoint=self.reader.note, proof=proof or "")
        if not kept.proof:
            return None
        receipt = Receipt(leaf, kept.promise.encode(), kept.proof)
        receipt.check(self.manifest)
        return receipt

    def overdue(self) -> bool:
        """Whether the promised minute has passed: then a ballot that is not in the log is lost."""
        promise = parse_promise(self.keeper.kept.promise.encode())
        return datetime.now(UTC) > parse_minute(promise.by)

    def _look(self) -> Manifest:
        self.site.get(self.poll_url)
        manifest = Manifest.parse(self.site.get(urljoin(self.poll_url, "manifest.json")))
        known = self.keeper.kept.manifest
        same = not known or known == manifest.sha256.hex()
        require(same, "manifest", "The poll's terms are not those you collected your pass for.")
        if not self._booth:
            state = json.loads(self.site.get(urljoin(self.poll_url, "pass")))
            named = state.get("booth") if isinstance(state, dict) else None
            self._booth = named or origin(self.poll_url)
        return manifest

    def _refused(self, refused: Refused) -> bytes:
        """Deal with an intake that did not take the ballot, where there is a way on."""
        if refused.status == 422:  # it keeps nothing of such a ballot, so another may be made
            self.keeper.keep(leaf="")
        if refused.code == "key-used" and (leaf := self.reader.leaf_of(self.voter.key)):
            parse_ballot(leaf, self.manifest.k)
            self.keeper.keep(leaf=leaf.decode())
            return self.cast_kept()
        raise refused

    def _box_url(self, path: str) -> str:
        return f"{origin(self._booth)}/booth/{self.manifest.poll}/{path}"

    def _fetch(self, path: str) -> bytes | None:
        return self.box.get_or_none(self._box_url(path))
