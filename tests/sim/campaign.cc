#include "tests/sim/campaign.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <new>
#include <vector>

#include "tests/sim/world.h"

namespace vakthund::sim {
namespace {

using Clock = std::chrono::steady_clock;

// One process's, in memory that is shared with its parent.
struct Job {
  pid_t process = 0;
  std::uint64_t seed = 0, last = 0, step = 1;  // the world it is at, and where it ends
  Tally tally;
};

void say(const std::string& text) {
  const auto written = write(STDOUT_FILENO, text.data(), text.size());
  (void)written;
}

void tell_wrong(const CampaignOptions& options, std::uint64_t seed, const std::string& world,
                const std::string& why) {
  say(fmt::format("WRONG seed={} commit={} world={}\n  {}\n  replay: {} --seed {} --trace\n", seed,
                  options.commit, world, why, options.program, seed));
}

void work(Job& job, const CampaignOptions& options, const Candles& candles, Clock::time_point end) {
  for (; job.seed <= job.last && Clock::now() < end; job.seed += job.step) {
    const Recipe recipe = recipe_of(job.seed, candles);
    World world(recipe);
    const std::string wrong = world.run();
    job.tally.add(world.stage().tally);
    if (!wrong.empty()) tell_wrong(options, job.seed, recipe.describe(), wrong);
  }
}

void start(Job& job, const CampaignOptions& options, const Candles& candles,
           Clock::time_point end) {
  const pid_t process = fork();
  VAKTHUND_ASSERT(process >= 0);
  if (process == 0) {
    work(job, options, candles, end);
    _exit(0);
  }
  job.process = process;
}

void tell_progress(const std::vector<Job*>& jobs, Clock::time_point began) {
  std::uint64_t worlds = 0, wrong = 0;
  for (const Job* job : jobs) worlds += job->tally.worlds, wrong += job->tally.wrong;
  const std::chrono::duration<double> passed = Clock::now() - began;
  fmt::print(stderr, "sim-world: {} worlds, {} wrong, {:.0f} s, {:.0f} a second\n", worlds, wrong,
             passed.count(), static_cast<double>(worlds) / passed.count());
}

}  // namespace

Tally run_campaign(const CampaignOptions& options, const Candles& candles) {
  const auto began = Clock::now();
  const auto end = options.minutes > 0
                       ? began + std::chrono::duration_cast<Clock::duration>(
                                     std::chrono::duration<double>(options.minutes * 60))
                       : Clock::time_point::max();
  const auto count = static_cast<std::size_t>(options.jobs);
  void* shared =
      mmap(nullptr, sizeof(Job) * count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  VAKTHUND_ASSERT(shared != MAP_FAILED);
  std::vector<Job*> jobs;
  for (std::size_t i = 0; i < count; ++i) {
    Job* job = new (static_cast<char*>(shared) + i * sizeof(Job)) Job();
    job->seed = options.first + i;
    job->last = options.first + options.worlds - 1;
    job->step = count;
    jobs.push_back(job);
    start(*job, options, candles, end);
  }
  auto next_word = began + std::chrono::seconds(10);
  for (std::size_t running = count; running > 0;) {
    int status = 0;
    const pid_t ended = waitpid(-1, &status, WNOHANG);
    if (Clock::now() >= next_word) {
      tell_progress(jobs, began);
      next_word += std::chrono::seconds(10);
    }
    if (ended <= 0) {
      usleep(20'000);
      continue;
    }
    const auto whose = std::find_if(jobs.begin(), jobs.end(),
                                    [&](const Job* job) { return job->process == ended; });
    if (whose == jobs.end()) continue;
    Job& job = **whose;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
      --running;
      continue;
    }
    ++job.tally.worlds, ++job.tally.wrong;
    tell_wrong(options, job.seed, recipe_of(job.seed, candles).describe(),
               "the process died in the middle of it");
    job.seed += job.step;
    start(job, options, candles, end);
  }
  Tally sum;
  for (const Job* job : jobs) sum.add(job->tally);
  munmap(shared, sizeof(Job) * count);
  return sum;
}

std::string trace_world(std::uint64_t seed, const Candles& candles) {
  const Recipe recipe = recipe_of(seed, candles);
  World world(recipe, Trace::Mode::printed);
  fmt::print("seed={} world={}\n", seed, recipe.describe());
  const std::string wrong = world.run();
  fmt::print("{}\ntranscript {:016x}\n", world.describe(), world.stage().trace.hash());
  return wrong;
}

}  // namespace vakthund::sim
