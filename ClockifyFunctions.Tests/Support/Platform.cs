using System.Runtime.Versioning;

// The local stack uses signals and /proc.
[assembly: SupportedOSPlatform("linux")]
