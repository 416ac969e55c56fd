// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "cli/command_line.h"

#include "cli/param_options.h"
#include "cli/say.h"
#include "grus/grus.h"

#include <getopt.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  MAX_OPTIONS  = 64,
  ROW          = 256, ///< What getopt_long() returns for row 0
  PARAM        = 512, ///< And for parameter 0
  TEXT_COLUMN  = 24,
  LINE_COLUMNS = 79,
};

/// A table as getopt_long() wants it
typedef struct {
  struct option longs[MAX_OPTIONS + GRUS_N_PARAMS + 1];
  char          letters[2 * MAX_OPTIONS + 1];
} GetoptTable;

static void
make_table(const CommandLine* const command, GetoptTable* const table)
{
  static const struct option none = {NULL, 0, NULL, 0};

  size_t n       = 0U;
  char*  letters = table->letters;
  for (; n < MAX_OPTIONS && command->options[n].name; ++n) {
    const CommandOption* const row = &command->options[n];
    table->longs[n]                = none;
    table->longs[n].name           = row->name;
    table->longs[n].has_arg = row->argument ? required_argument : no_argument;
    table->longs[n].val     = ROW + (int)n;
    if (row->letter) {
      *letters++ = row->letter;
      if (row->argument) {
        *letters++ = ':';
      }
    }
  }
  *letters = '\0';

  for (uint32_t i = 0U; command->params != COMMAND_NO_PARAMS && //
                        i < GRUS_N_PARAMS;
       ++i) {
    const struct option option = {
      param_option_name(i), required_argument, NULL, PARAM + (int)i};
    table->longs[n++] = option;
  }
  table->longs[n] = none;
}

/// Print words from column `column` on, and go on below #TEXT_COLUMN
static void
print_wrapped(const char* text, int column)
{
  for (bool first = true; *text; first = false) {
    const int length = (int)strcspn(text, " ");
    if (column + length > LINE_COLUMNS) {
      printf("\n%*s", TEXT_COLUMN, "");
      column = TEXT_COLUMN;
      first  = true;
    }
    column += printf("%s%.*s", first ? "" : " ", length, text);
    text += length;
    text += *text == ' ';
  }

  putchar('\n');
}

static void
print_option(const CommandOption* const row)
{
  int column = row->letter ? printf("  -%c, ", row->letter) : printf("      ");
  column += printf("--%s%s%s",
                   row->name,
                   row->argument ? " " : "",
                   row->argument ? row->argument : "");
  if (column + 2 > TEXT_COLUMN) {
    putchar('\n');
    column = 0;
  }
  printf("%*s", TEXT_COLUMN - column, "");
  print_wrapped(row->help, TEXT_COLUMN);
}

static void
print_param(const uint32_t param)
{
  const GrusParamInfo* const info      = grus_param_info(param);
  char                       help[256] = {0};
  snprintf(help,
           sizeof(help),
           "%s %g to %g, default %g",
           info->comment,
           (double)info->minimum,
           (double)info->maximum,
           (double)info->initial);

  const CommandOption row = {.name     = param_option_name(param),
                             .argument = *info->unit ? info->unit : "N",
                             .help     = help};
  print_option(&row);
}

static void
print_help(const CommandLine* const command)
{
  puts(command->about);
  for (const CommandOption* row = command->options; row->name; ++row) {
    print_option(row);
  }
  printf("\n%s", command->after);
  if (command->params != COMMAND_NO_PARAMS) {
    puts("\nParameters, as in the plugin:");
    for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
      print_param(i);
    }
  }
}

static const CommandOption*
find_row(const CommandOption* const options, const int found)
{
  if (found >= ROW) {
    return &options[found - ROW];
  }

  const CommandOption* row = options;
  while (row->name && row->letter != found) {
    ++row;
  }
  return row;
}

static int
take(const CommandLine* const command, char* const values, const int found)
{
  if (found >= PARAM) {
    const uint32_t param  = (uint32_t)(found - PARAM);
    float* const   params = (float*)(void*)(values + command->params);
    return param_option_parse(param, optarg, &params[param]);
  }

  const CommandOption* const row = find_row(command->options, found);
  if (!row->name) {
    return say_error(EXIT_USAGE, "try grus %s --help", command->name);
  }
  if (!row->take) {
    print_help(command);
    return COMMAND_LINE_HELP;
  }
  return row->take(values + row->offset, row, optarg);
}

int
command_line_parse(const CommandLine* const command,
                   void* const              values,
                   const int                argc,
                   char** const             argv)
{
  GetoptTable table;
  make_table(command, &table);
  if (command->params != COMMAND_NO_PARAMS) {
    param_options_clear((float*)(void*)((char*)values + command->params));
  }

  int code  = EXIT_OK;
  int found = 0;
  while (!code && (found = getopt_long(
                     argc, argv, table.letters, table.longs, NULL)) >= 0) {
    code = take(command, (char*)values, found);
  }
  return code;
}

int
command_take_switch(void* const                field,
                    const CommandOption* const option,
                    const char* const          text)
{
  (void)option;
  (void)text;
  *(bool*)field = true;
  return EXIT_OK;
}

int
command_take_text(void* const                field,
                  const CommandOption* const option,
                  const char* const          text)
{
  (void)option;
  *(const char**)field = text;
  return EXIT_OK;
}

int
command_take_count(void* const                field,
                   const CommandOption* const option,
                   const char* const          text)
{
  char* end = NULL;
  errno     = 0;

  const long long number = strtoll(text, &end, 10);
  if (errno || end == text || *end || number < 1 || number > option->number) {
    return say_error(EXIT_USAGE,
                     "--%s \"%s\" is not a whole number from 1 to %u",
                     option->name,
                     text,
                     option->number);
  }

  *(uint32_t*)field = (uint32_t)number;
  return EXIT_OK;
}

int
command_take_param(void* const                field,
                   const CommandOption* const option,
                   const char* const          text)
{
  return param_option_parse(
    option->number, text, &((float*)field)[option->number]);
}
