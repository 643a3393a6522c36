"""What is asked of DaData and what its answers mean; how a request travels is the caller's business."""

SUGGEST_PATH = "/suggestions/api/4_1/rs/suggest/address"
MAX_QUERY = 300


def suggest_payload(text, limit=8):
    """The body of a request for suggestions."""
    return {"query": str(text or "")[:MAX_QUERY], "count": max(1, min(int(limit), 20))}


def read_suggestions(answer):
    """``[{text, postcode, guid, kladr, house, flat}]`` of an answer; anything unexpected is left out."""
    rows = answer.get("suggestions") if isinstance(answer, dict) else None
    found = []
    for row in rows if isinstance(rows, list) else ():
        data = row.get("data") if isinstance(row, dict) else None
        text = row.get("unrestricted_value") or row.get("value") if isinstance(row, dict) else None
        if not isinstance(data, dict) or not isinstance(text, str):
            continue
        found.append(
            {
                "text": text[:300],
                **{
                    name: str(data.get(key) or "")[:64]
                    for name, key in (
                        ("postcode", "postal_code"),
                        ("guid", "fias_id"),
                        ("kladr", "kladr_id"),
                        ("house", "house"),
                        ("flat", "flat"),
                    )
                },
            }
        )
    return found
