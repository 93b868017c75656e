"""Pages: HTML, pictures and curves from values; no run is known here."""
