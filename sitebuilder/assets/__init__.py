"""Make what pages need beside their text: bundles, pictures in sizes, stand-ins.

What nobody asks for is not loaded.
"""
