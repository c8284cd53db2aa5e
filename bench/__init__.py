"""How fast is it, against what this machine allows and against what a straightforward service would be?"""
