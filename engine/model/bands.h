// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_MODEL_BANDS_H
#define GRUS_MODEL_BANDS_H

#include "format/fields.h"
#include "model/model.h"

/// Read "first_bin" and "bands", within the front end's bins
void
grus_bands_read(const GrusModel* model, GrusFields* fields, GrusBands* bands);

#endif // GRUS_MODEL_BANDS_H
