// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_LAYER_DESCRIPTION_H
#define GRUS_LAYER_DESCRIPTION_H

#include "format/fields.h"
#include "model/model.h"

#include <stdint.h>

/// Read one layer behind the `model->n_layers` that are there, and count it
void
grus_layer_read(GrusModel* model, GrusFields* fields);

/// Return the index of the layer called `name` among the first `n`; 0 and a
/// failure if there is none
uint32_t
grus_layer_find(const GrusModel* model,
                GrusFields*      fields,
                uint32_t         n,
                const char*      name);

#endif // GRUS_LAYER_DESCRIPTION_H
