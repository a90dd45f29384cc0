#pragma once

/// Precompiled for every test: the standard headers of the project and doctest.
#include <doctest/doctest.h>

#include "base/pch.hpp"
