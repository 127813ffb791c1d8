"""Problem details for programs (RFC 9457): a status, a code, a sentence, a way on."""

from django.http import JsonResponse

from engage.domain.errors import DomainError


def problem(
    status: int, code: str, sentence: str, *, next: str = "", **members: object
) -> JsonResponse:
    """An ``application/problem+json`` answer (RFC 9457 section 3)."""
    body = {
        "type": "about:blank", "title": code, "status": status, "code": code,
        "detail": str(sentence), **members,
    }  # fmt: skip
    if next:
        body["next"] = next
    return JsonResponse(body, status=status, content_type="application/problem+json")


def problem_from(error: DomainError, status: int) -> JsonResponse:
    return problem(status, error.code, error.sentence, next=error.next)
