using System.Runtime.Versioning;

// The local stack sends signals and reads /proc.
[assembly: SupportedOSPlatform("linux")]
