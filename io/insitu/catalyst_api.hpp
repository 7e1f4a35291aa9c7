// The interface between the program and its plug-in for ParaView Catalyst: C calls over plain
// structs, so that the program is built, linked and started without ParaView, VTK and Python.
//
// What is copied: an array goes to VTK as it lies in the frame where the box of this rank needs no
// plane of a neighbour (one rank, and the last rank along every axis). Elsewhere VTK wants pieces
// that share a plane of points, so the box is copied once into one that is a plane larger; a box of
// its own for that plane would break scripts that expect one image. Coordinates are copied always
// (one value per point of an axis). VTK keeps nothing of it after a call.
#pragma once

#include <mpi.h>

extern "C" {

/// Changes whenever the structs below do; the plug-in must answer the same.
enum { kSymwaveCatalystVersion = 1 };

typedef struct SymwaveCatalyst SymwaveCatalyst;

typedef struct {
  const char* name;
  const float* values;    // of the points of `extent`, x fastest
  double least, largest;  // over ranks and all frames so far
} SymwaveCatalystArray;

typedef struct {
  const char* title;
  const char* mesh;
  long number;
  double time;        // grows from frame to frame of a mesh
  int channel_count;  // names under which the script may know the image
  const char* const* channels;
  const double* coordinates[3];  // of the whole lattice [um]
  int size[3];                   // of the whole lattice
  int extent[6];                 // first and last point of this rank; last < first: none
  int uniform;                   // 1: equal spacings along every axis
  int array_count;
  const SymwaveCatalystArray* arrays;
} SymwaveCatalystFrame;

typedef struct {
  MPI_Comm comm;
  const char* guard;   // guarded_pipeline.py
  const char* script;  // of the user, or default_pipeline.py
  const char* folder;
  int folder_per_mesh;  // 1: each mesh has a folder of its own in it
  int display;          // 0: there is none
  /// Collective: whether this or another rank has failed. Called from the script's wrapper.
  int (*agree)(void* context, int failed_here);
  void* context;
} SymwaveCatalystStart;

/// Text of an error that the caller provides room for.
typedef struct {
  char text[2000];
} SymwaveCatalystError;

typedef int (*SymwaveCatalystVersionCall)(void);
/// Collective; NULL on failure.
typedef SymwaveCatalyst* (*SymwaveCatalystStartCall)(const SymwaveCatalystStart*,
                                                     SymwaveCatalystError*);
/// Collective; 0 on success. A rank on which nothing failed while another one did leaves the text
/// empty.
typedef int (*SymwaveCatalystShowCall)(SymwaveCatalyst*, const SymwaveCatalystFrame*,
                                       SymwaveCatalystError*);
/// Collective, before MPI ends.
typedef void (*SymwaveCatalystEndCall)(SymwaveCatalyst*);
}
