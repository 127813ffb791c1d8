/**
 * Pictures for a post go ahead of it, with a bar that shows how far they are.
 *
 * [data-pictures]       where they are sent; data-most: how many a post takes
 * [data-picked]         the list of those that go along; [data-picked-row] is the pattern of a row
 * [data-picture-add]    the button; without this script it sends the whole form, which comes back
 * Deliberately absent: a look at the file before it is sent. What is shown is what readers get.
 */

class Pictures {
  constructor(part) {
    this.part = part;
    this.form = part.closest("form");
    const find = (what) => part.querySelector(what);
    [this.list, this.row] = [find("[data-picked]"), find("[data-picked-row]")];
    [this.fields, this.error] = [find("[data-picture-fields]"), find(".error")];
    [this.file, this.alt] = [find("[type=file]"), find("[name=picture_alt]")];
    [this.button, this.bar] = [find("[data-picture-add]"), find("progress")];
    this.said = find("[data-picture-said]");
    this.button.addEventListener("click", (event) => this.add(event));
    this.list.addEventListener("click", (event) => this.leaveOut(event));
    this.alt.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.add(event);
    });
  }

  add(event) {
    event.preventDefault();
    if (!this.file.files.length) return this.refuse(this.said.dataset.file, this.file);
    if (!this.alt.value.trim()) return this.refuse(this.said.dataset.alt, this.alt);
    if (this.button.disabled) return;
    this.busy(true);
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    body.set("picture_file", this.file.files[0]);
    body.set("picture_alt", this.alt.value);
    const request = new XMLHttpRequest(); // fetch tells nothing of how far it is
    request.open("POST", this.part.dataset.pictures);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      this.bar.value = total ? (100 * loaded) / total : 0;
    });
    request.addEventListener("loadend", () => this.answered(request));
    request.send(body);
  }

  answered(request) {
    this.busy(false);
    const told = parsed(request.responseText);
    if (request.status !== 201 || !told) {
      return this.refuse(told?.detail ?? told?.title ?? this.said.dataset.failed, this.file);
    }
    this.refuse("");
    this.show(told);
    [this.file.value, this.alt.value] = ["", ""];
    this.said.textContent = this.said.dataset.added;
    (this.fields.hidden ? this.list.lastElementChild.querySelector("button") : this.file).focus();
  }

  show({ id, url, alt }) {
    const row = this.row.content.cloneNode(true);
    row.querySelector("input").value = id;
    row.querySelector("bdi").textContent = alt;
    row.querySelector("bdi").before(thumbnail(url));
    row.querySelector("button").value = id;
    row.querySelector("button .hidden").textContent = ` ${alt}`;
    this.list.append(row);
    this.count();
  }

  leaveOut(event) {
    const button = event.target.closest("[name=drop]");
    if (!button) return;
    event.preventDefault();
    button.closest("li").remove();
    this.count();
    this.file.focus();
  }

  count() {
    this.fields.hidden = this.list.children.length >= Number(this.part.dataset.most);
  }

  busy(is) {
    this.button.disabled = is;
    this.bar.hidden = !is;
    this.bar.value = 0;
  }

  refuse(sentence, field = null) {
    this.said.textContent = "";
    this.error.textContent = sentence;
    field?.closest(".field").classList.toggle("field--error", Boolean(sentence));
    if (!sentence) for (const each of this.part.querySelectorAll(".field--error")) {
      each.classList.remove("field--error");
    }
    field?.focus();
  }
}

function thumbnail(url) {
  const image = document.createElement("img");
  [image.src, image.alt, image.width, image.height] = [url, "", 64, 64];
  return image;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

for (const part of document.querySelectorAll("[data-pictures]")) new Pictures(part);
