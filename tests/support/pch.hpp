#pragma once

/// Precompiled for every test: the standard headers of the project and doctest.
#include "base/pch.hpp"

#include <doctest/doctest.h>
