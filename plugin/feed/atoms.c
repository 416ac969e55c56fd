// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "feed/atoms.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>

#include <stdbool.h>
#include <stdint.h>

bool
atom_object_is_whole(const LV2_Atom_Object* const object)
{
  const uint32_t size = object->atom.size;
  uint32_t       used = (uint32_t)sizeof(LV2_Atom_Object_Body);
  while (used < size) {
    const LV2_Atom_Property_Body* const property =
      (const LV2_Atom_Property_Body*)((const char*)&object->body + used);
    if (size - used < sizeof(LV2_Atom_Property_Body) ||
        property->value.size > size - used - sizeof(LV2_Atom_Property_Body)) {
      return false;
    }
    used += lv2_atom_pad_size((uint32_t)sizeof(LV2_Atom_Property_Body) +
                              property->value.size);
  }

  return size >= sizeof(LV2_Atom_Object_Body);
}
