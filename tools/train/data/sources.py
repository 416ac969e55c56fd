# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Where training sound comes from: public repositories and Debian packages, unpacked by name.

Every source is a folder of the data folder. `pattern` is matched against a file's path relative
to the data folder; group 1, where there is one, names the speaker.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """One collection of recordings."""

    name: str
    pattern: str
    # How often a mixture draws from it (speech) or from each of its files (noise), among others.
    weight: float = 1.0
    fullband_weight: float = 0.0  # the same for 48 kHz mixtures; 0 means as `weight`
    least_range: float = 0.0  # dB between loud and quiet frames that a clean recording must have
    limit: int = 0  # most files to take, chosen at random; 0 means all
    longest: float = 30.0  # seconds to take of one file


SPEECH = (
    Source("speechocean762", r"^speechocean762/WAVE/SPEAKER(\d+)/.+\.(?:wav|WAV)$", 0.26, 0.10, 32),
    Source(
        "librispeech",
        r"^resemblyzer/.+train-clean-100/.*?(\d+)-\d+-\d+\.flac$",
        0.20, 0.08, 30,
    ),
    Source("speech-to-intent", r"^pv_s2i/data/speech/clean/(.{8}).+\.wav$", 0.14, 0.06, 30),
    Source(
        "asterisk",
        r"^deb_asterisk-core-sounds-(..)-g722/(?!.*/silence/).+\.g722$",
        0.14, 0.04, 35,
    ),
    Source("arabic-commands", r"^arabic_sc/dataset/.+/(.{8}).+\.wav$", 0.04, 0.02, 38, limit=4000),
    Source("kerstin", r"^(kerstin)/verified/.+\.flac$", 0.06, 0.18, 35, limit=700),
    Source("gcompris", r"^gcompris_voices/([^/]+)/.+\.ogg$", 0.08, 0.34, 40, limit=6000),
    Source("japanese-vocabulary", r"^(tofugu)/lib/.+\.mp3$", 0.06, 0.18, 40, limit=2500),
)

# Voices among the sounds of games.
SPOKEN = (
    r"voices?/|music|tutorial|memressp|countdown|/extra/|/player/|soldiers|civilians|npcs|taunt"
    r"|announc|feedback|_desc|/symbols/|talk|f3f|nexus"
)


def game(package: str, folder: str = "", weight: float = 1.0) -> Source:
    """The effects of a game that Debian has, without voices and music."""
    pattern = rf"^deb_{package}/{folder}(?!.*(?:{SPOKEN})).+\.(?:ogg|wav|oga|flac)$"
    return Source(package, pattern, weight, longest=20)


NOISE = (
    Source(
        "moodist",
        r"^moodist/public/sounds/(?!.*(?:binaural/|silence|alarm)).+\.mp3$",
        longest=120,
    ),
    Source("noisekun", r"^noisekun/.+/sounds/(?!.*alarm).+\.ogg$", longest=120),
    Source("blanket", r"^blanket/data/resources/sounds/.+\.ogg$", longest=120),
    Source("esc10", r"^esc10/[^/]+/[1-4]-.+\.ogg$", longest=10),
    Source(
        "0ad",
        r"^deb_0ad-data/audio/(?!.*(?:voice/|actor/human|music/)).+\.ogg$",
        longest=60,
    ),
    Source("0ad-music", r"^deb_0ad-data/audio/music/.+\.ogg$", 0.5, longest=60),
    Source("bucklespring", r"^deb_bucklespring-data/.+\.wav$", 0.5, longest=10),
    Source("soundfx", r"^soundfx/soundfx\.d/.+\.(?:wav|mp3|ogg|flac)$", longest=20),
    game("tuxpaint-stamps-default"),
    game("ufoai-sound"),
    game("wesnoth-1.16-data"),
    game("warzone2100-data", "audio/sfx/"),
    game("openarena-data"),
    game("lincity-ng-data"),
    game("widelands-data"),
    game("minetest-data"),
    game("hedgewars-data"),
    game("flare-game"),
    game("endless-sky-data"),
    game("searchandrescue-data"),
    game("crrcsim-data"),
)
