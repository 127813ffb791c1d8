"""The ballot side's tables, and why they look odd: a dump must not link a person to a ballot.

Deliberately absent, and held by a test that reads these models: any foreign key to people, any
timestamp, serial number, address or user agent. Rows are written in batches sorted by hash.
"""

from django.db import models

BINARY_32 = {"max_length": 32}


class Log(models.Model):
    """One poll's public log: its manifest, its signing key, whether the box takes ballots."""

    poll = models.UUIDField(primary_key=True)
    manifest = models.BinaryField()
    seed = models.BinaryField(**BINARY_32)  # Ed25519 private key of the checkpoints
    size = models.PositiveIntegerField(default=0)
    opened_early = models.BooleanField(default=False)
    accepting = models.BooleanField(default=True)


class Intake(models.Model):
    """A promised ballot that is not in the log yet; emptied by every merge."""

    pk = models.CompositePrimaryKey("poll", "key_sha256")
    poll = models.UUIDField()
    key_sha256 = models.BinaryField(**BINARY_32)
    leaf_hash = models.BinaryField(**BINARY_32)
    leaf = models.BinaryField(max_length=16_384)


class Leaf(models.Model):
    """An entry of the log, exact bytes; ``index`` is its place in the RFC 6962 tree."""

    pk = models.CompositePrimaryKey("poll", "index")
    poll = models.UUIDField()
    index = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    body = models.BinaryField(max_length=65_535)
    leaf_hash = models.BinaryField(**BINARY_32)
    key_sha256 = models.BinaryField(**BINARY_32, null=True)
    token_sha256 = models.BinaryField(**BINARY_32, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("poll", "key_sha256", name="leaf_one_ballot_a_key"),
            models.UniqueConstraint("poll", "token_sha256", name="leaf_one_ballot_a_token"),
            models.CheckConstraint(
                condition=models.Q(
                    kind="ballot", key_sha256__isnull=False, token_sha256__isnull=False
                )
                | (~models.Q(kind="ballot") & models.Q(key_sha256__isnull=True)),
                name="leaf_ballots_have_key_and_token",
            ),
        ]


class Node(models.Model):
    """The hash of a complete subtree: ``level`` 1 covers two leaves, ``index`` counts from left."""

    pk = models.CompositePrimaryKey("poll", "level", "index")
    poll = models.UUIDField()
    level = models.PositiveSmallIntegerField()
    index = models.PositiveIntegerField()
    hash = models.BinaryField(**BINARY_32)


class Checkpoint(models.Model):
    """Every signed tree head ever published, as the exact signed note."""

    pk = models.CompositePrimaryKey("poll", "size")
    poll = models.UUIDField()
    size = models.PositiveIntegerField()
    note = models.TextField()


class ChoiceCount(models.Model):
    """How many ballots in the log made the same choice: the running count, equal to a recount."""

    pk = models.CompositePrimaryKey("poll", "choice_sha256")
    poll = models.UUIDField()
    choice_sha256 = models.BinaryField(**BINARY_32)
    choice = models.TextField()  # canonical JSON
    ballots = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ballots__gt=0), name="choice_count_is_positive"
            ),
        ]
