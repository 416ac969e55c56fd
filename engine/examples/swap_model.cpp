// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Another model while sound plays, without a click, a lock or a wait in the
// audio thread:
//
//   swap_model voice.safetensors voice-light.safetensors
//
// The loop in audio() stands for the callback of your audio library.

#include <grus/grus.h>
#include <grus/slot.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <new>
#include <stdexcept>
#include <thread>
#include <vector>

namespace {

constexpr GrusStreamConfig config{48000U, 1U, nullptr};

struct FreeModel {
  void operator()(GrusModel* model) const { grus_model_free(model); }
};

struct FreeSlot {
  void operator()(GrusSlot* slot) const { grus_slot_free(slot); }
};

using Model = std::unique_ptr<GrusModel, FreeModel>;

Model
load(const char* path)
{
  std::ifstream           file(path, std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), {});
  GrusMessage             message{};
  GrusModel*              model = nullptr;
  if (grus_model_parse(bytes.data(), bytes.size(), &model, &message)) {
    throw std::runtime_error(message.text);
  }
  return Model(model);
}

GrusStream*
stream_of(const Model& model)
{
  GrusMessage message{};
  GrusStream* stream = nullptr;
  if (grus_stream_new(model.get(), &config, &stream, &message)) {
    throw std::runtime_error(message.text);
  }
  return stream;
}

/// Play a tone until told to end, and keep the largest step of the output
void
audio(GrusSlot* slot, const std::atomic<bool>& ending, float& largest_step)
{
  float block[64];
  float last = 0.0f;
  for (unsigned n = 0U; !ending; ++n) {
    for (unsigned i = 0U; i < 64U; ++i) {
      block[i] =
        0.1f * std::sin(0.02f * static_cast<float>((64U * n + i) % 314U));
    }
    const float* in  = block;
    float*       out = block;
    grus_slot_process(slot, &in, &out, 64U);
    for (const float sample : block) {
      largest_step = std::max(largest_step, std::fabs(sample - last));
      last         = sample;
    }
  }
}

} // namespace

int
main(int argc, char** argv)
try {
  if (argc != 3) {
    throw std::runtime_error("swap_model MODEL OTHER_MODEL");
  }

  // Models outlive every stream of theirs, so they come first
  const Model                         first  = load(argv[1]);
  const Model                         second = load(argv[2]);
  std::unique_ptr<GrusSlot, FreeSlot> slot(
    grus_slot_new(stream_of(first), config.n_channels, config.sample_rate));
  if (!slot) {
    throw std::bad_alloc();
  }

  // Let some of the tone through, since these models take tones for noise
  grus_slot_set_param(slot.get(), GRUS_PARAM_REDUCTION, 6.0f);

  std::atomic<bool> ending{false};
  float             largest_step = 0.0f;
  std::thread       player([&] { audio(slot.get(), ending, largest_step); });

  // The control thread hands the new stream over, and frees the old one
  grus_stream_free(grus_slot_publish(slot.get(), stream_of(second)));
  GrusStream* old = nullptr;
  while (!(old = grus_slot_collect(slot.get()))) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  std::printf("from %s to %s\n",
              grus_model_info(grus_stream_model(old))->name,
              grus_model_info(second.get())->name);
  grus_stream_free(old);

  ending = true;
  player.join();
  std::printf("largest step of the sound: %.3f\n",
              static_cast<double>(largest_step));
  return largest_step > 0.0005f && largest_step < 0.01f ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
