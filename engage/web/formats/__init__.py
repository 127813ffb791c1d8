"""How dates are written in a language whose own form in Django is another country's."""
