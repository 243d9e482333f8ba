"""The explorer: one front end (`explorer.js`, `explorer.css`) in a notebook and on a page of this machine."""
