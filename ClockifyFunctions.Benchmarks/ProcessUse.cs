using System.Diagnostics;
using System.Globalization;

namespace ClockifyFunctions.Benchmarks;

/// <summary>Reads the memory and CPU time of a process.</summary>
internal static class ProcessUse
{
    public static TimeSpan Cpu(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    /// <summary>Resident memory in bytes. Shared pages count fully.</summary>
    public static long Memory(Process process) => Status(process, "VmRSS:");

    /// <summary>The peak resident memory in bytes.</summary>
    public static long PeakMemory(Process process) => Status(process, "VmHWM:");

    private static long Status(Process process, string line) =>
        long.Parse(File.ReadLines($"/proc/{process.Id}/status").First(text => text.StartsWith(line, StringComparison.Ordinal)).AsSpan(line.Length).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) * 1024;
}
