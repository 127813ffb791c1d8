"""How the rest of the town tells what happened: facts are kept, gauges only shown.

Deliberately absent: changing or removing a fact. A mistake is corrected by a later one.
"""

from functools import partial

from django.db import router, transaction
from django.db.models import F
from django.db.transaction import TransactionManagementError

from engage.domain.topics import Topic
from engage.journal import listeners
from engage.journal.domain.plain import Plain, plain_fact, plain_gauge, plain_kind
from engage.journal.models import Entry, TopicHead


def publish(topic: Topic | str, kind: str, /, **data: Plain) -> Entry:
    """Append a fact to ``topic`` inside the caller's transaction; its numbers have no gaps.

    Locks the topic's head until that transaction ends, so facts of one topic commit in the order
    of their numbers. Wakes the listeners after commit; after a roll-back nothing was said.
    Raises TransactionManagementError outside of a transaction, ValueError for data that is not
    plain, DomainError("topic.malformed").
    """
    name = str(topic if isinstance(topic, Topic) else Topic.parse(topic))
    told = plain_fact(data)
    using = _in_transaction()
    entry = Entry(topic=name, sequence=_next_number(name, using), kind=plain_kind(kind), data=told)
    entry.save(using=using, force_insert=True)
    fact = listeners.Fact(name, entry.sequence, entry.kind, told)
    transaction.on_commit(partial(listeners.tell, fact), using=using)
    return entry


def show(topic: Topic | str, name: str, version: int, /, **data: Plain | dict[str, Plain]) -> None:
    """Hand the gauge's newest reading to the listeners, after commit if there is a transaction.

    ``version`` grows with every change of the reading: a smaller one that comes late is ignored.
    Takes no lock and writes nothing. Raises ValueError for data that is not plain.
    """
    shown = str(topic if isinstance(topic, Topic) else Topic.parse(topic))
    gauge = listeners.Gauge(shown, plain_kind(name), version, plain_gauge(data))
    transaction.on_commit(partial(listeners.tell, gauge), using=router.db_for_write(Entry))


def _in_transaction() -> str:
    using = router.db_for_write(Entry)
    if not transaction.get_connection(using).in_atomic_block:
        raise TransactionManagementError("publish() belongs inside the service's transaction.")
    return using


def _next_number(topic: str, using: str) -> int:
    heads = TopicHead.objects.using(using).filter(topic=topic)
    if not heads.update(sequence=F("sequence") + 1):
        TopicHead.objects.using(using).bulk_create([TopicHead(topic=topic)], ignore_conflicts=True)
        heads.update(sequence=F("sequence") + 1)
    return heads.values_list("sequence", flat=True).get()
