// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// RTNeural beside us, for `grus bench --rtneural`: a program of its own that
// whoever has a checkout of RTNeural builds, as README.md of tools/bench tells.
// Sizes are fixed by the compiler, as RTNeural is fastest.
//
// It prints its name, and then answers each line of
//
//     INPUTS UNITS LAYERS STREAMS STEPS CALLS
//
// with the nanoseconds of a step of a GRU and a linear layer with one output,
// or with 0 where it has no such network.

#include <RTNeural/RTNeural.h>

#include <chrono>
#include <cmath>
#include <cstddef>
#include <iostream>
#include <random>
#include <vector>

namespace {

#if RTNEURAL_USE_EIGEN
const char* const backend = "Eigen";
#elif RTNEURAL_USE_XSIMD
const char* const backend = "xsimd";
#else
const char* const backend = "STL";
#endif

using Matrix = std::vector<std::vector<float>>;

Matrix
random_matrix(const std::size_t rows,
              const std::size_t columns,
              const float       top)
{
  static std::minstd_rand               random{1U};
  std::uniform_real_distribution<float> number{-top, top};
  Matrix                                matrix(rows);
  for (auto& row : matrix) {
    for (std::size_t i = 0U; i < columns; ++i) {
      row.push_back(number(random));
    }
  }
  return matrix;
}

/// Nanoseconds of a step
template<int hidden>
double
time_steps(const std::size_t n_steps, const std::size_t n_calls)
{
  using Gru    = RTNeural::GRULayerT<float, 1, hidden>;
  using Linear = RTNeural::DenseT<float, hidden, 1>;
  using Clock  = std::chrono::steady_clock;

  static RTNeural::ModelT<float, 1, 1, Gru, Linear> net;
  static bool                                       filled = false;
  if (!filled) {
    const std::size_t n   = hidden;
    const float       top = 1.0F / std::sqrt(static_cast<float>(hidden));
    net.template get<0>().setWVals(random_matrix(1U, 3U * n, top));
    net.template get<0>().setUVals(random_matrix(n, 3U * n, top));
    net.template get<0>().setBVals(random_matrix(2U, 3U * n, top));
    net.template get<1>().setWeights(random_matrix(1U, n, top));
    net.template get<1>().setBias(random_matrix(1U, 1U, top)[0].data());
    net.reset();
    filled = true;
  }

  alignas(64) float input[16] = {};
  volatile float    sink      = 0.0F;
  const auto        x         = random_matrix(1U, n_steps, 1.0F)[0];
  const auto        run       = [&] {
    float y = 0.0F;
    for (const float sample : x) {
      input[0] = sample;
      y        = net.forward(input);
    }
    sink = y;
  };

  run(); // Into the cache
  const auto start = Clock::now();
  for (std::size_t i = 0U; i < n_calls; ++i) {
    run();
  }
  const std::chrono::duration<double, std::nano> time = Clock::now() - start;
  return time.count() / static_cast<double>(n_steps * n_calls);
}

double
time_size(const unsigned    hidden,
          const std::size_t n_steps,
          const std::size_t n_calls)
{
  switch (hidden) {
  case 8U:
    return time_steps<8>(n_steps, n_calls);
  case 12U:
    return time_steps<12>(n_steps, n_calls);
  case 16U:
    return time_steps<16>(n_steps, n_calls);
  case 20U:
    return time_steps<20>(n_steps, n_calls);
  case 24U:
    return time_steps<24>(n_steps, n_calls);
  case 32U:
    return time_steps<32>(n_steps, n_calls);
  case 40U:
    return time_steps<40>(n_steps, n_calls);
  case 48U:
    return time_steps<48>(n_steps, n_calls);
  case 64U:
    return time_steps<64>(n_steps, n_calls);
  case 80U:
    return time_steps<80>(n_steps, n_calls);
  case 96U:
    return time_steps<96>(n_steps, n_calls);
  case 128U:
    return time_steps<128>(n_steps, n_calls);
  default:
    return 0.0;
  }
}

} // namespace

int
main()
{
  std::cout << "RTNeural " << backend << std::endl;

  unsigned    input   = 0U;
  unsigned    hidden  = 0U;
  unsigned    layers  = 0U;
  unsigned    streams = 0U;
  std::size_t steps   = 0U;
  std::size_t calls   = 0U;
  while (std::cin >> input >> hidden >> layers >> streams >> steps >> calls) {
    const bool has = input == 1U && layers == 1U && streams == 1U;
    std::cout << (has ? time_size(hidden, steps, calls) : 0.0) << std::endl;
  }
}
