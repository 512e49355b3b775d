"""Draw each picture anew by Flask and Pillow, as a first version of such a service does."""

import io
import re

from flask import Flask, Response, abort, request
from PIL import Image, ImageDraw, ImageFont

application = Flask(__name__)
FONT_SHARE = 0.16  # of the height


@application.get("/<size>")
@application.get("/<size>/<background>")
@application.get("/<size>/<background>/<ink>")
def picture(size: str, background: str = "dddddd", ink: str = "666666") -> Response:
    """Answer `/300x200/264653/ffffff?text=Hello`."""
    found = re.fullmatch(r"(\d{1,4})x(\d{1,4})", size) or abort(404)
    width, height = int(found[1]), int(found[2])
    text = request.args.get("text", f"{width} x {height}")
    image = Image.new("RGB", (width, height), f"#{background}")
    font = ImageFont.load_default(max(12, int(height * FONT_SHARE)))
    ImageDraw.Draw(image).text((width / 2, height / 2), text, f"#{ink}", font, anchor="mm")
    file = io.BytesIO()
    image.save(file, "PNG")
    return Response(file.getvalue(), mimetype="image/png")
