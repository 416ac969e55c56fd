// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file job.h

   The work on one analysis frame of every channel, cut into small units that
   run at once or, with an even load, little by little while the next hop comes
   in: each call until a share of the cost is spent.
*/

#ifndef GRUS_JOB_H
#define GRUS_JOB_H

#include "frames/channels.h"
#include "grus/attributes.h"

#include <stdbool.h>

/// Find out what the work on a frame takes, of linked channels or of others
GrusPlan
grus_job_plan(const GrusInference* inference, bool linked);

/// Begin the work on a frame with copies of what the channels remember
GRUS_REALTIME void
grus_job_start(GrusInference* inference, bool linked);

/**
   Run units until a share of the job is done, 1 for all.

   None runs that would make this call longer than the share asks for, or than
   the largest unit alone: what is left over, later calls catch up with.

   @param frames The analysis frame of every channel.
*/
GRUS_REALTIME void
grus_job_run(GrusInference* inference, const float* const* frames, float share);

#endif // GRUS_JOB_H
