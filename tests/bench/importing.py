"""Rows of a file imported a second, tried line by line, beside writing bare rows at once."""

from engage.identity.models import Area, Import, Place
from engage.identity.services.importing import Run, receive_import
from tests.bench.measure import Figure, beside

MANY = 20_000


def figures(repeats: int) -> list[Figure]:
    city, _made = Area.objects.get_or_create(path="town", defaults={"name": "T", "kind": "city"})
    lines = (f"{10_000 + i // 20};{chr(97 + i % 20)} Street;T\n" for i in range(MANY))
    raw = ("postcode;street;area\n" + "".join(lines)).encode()

    def ours() -> int:
        Place.objects.all().delete()
        found = receive_import(kind=Import.Kind.PLACES, raw=raw, by=None, trial=False)
        Run.of(found).to_the_end()
        return MANY

    def limit() -> int:
        Place.objects.all().delete()
        bare = [Place(postcode=f"X{i}", street="", area=city) for i in range(MANY)]
        Place.objects.bulk_create(bare, batch_size=1_000)
        return MANY

    return [beside("rows imported", ours, "bare rows written", limit, repeats)]
