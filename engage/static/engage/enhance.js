/** Show what works with scripts only; without them it stays out of the way. */
for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
