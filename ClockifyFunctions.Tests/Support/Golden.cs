using System.Runtime.CompilerServices;

namespace ClockifyFunctions.Tests.Support;

/// <summary>Files under <c>Golden/</c> that say what an output has to be.</summary>
internal static class Golden
{
    public static void Same(string file, string actual, [CallerFilePath] string caller = "")
    {
        // The sources, not a copy of them, so that an update lands where it is reviewed.
        var path = Path.Combine(caller[..caller.IndexOf("ClockifyFunctions.Tests", StringComparison.Ordinal)], "ClockifyFunctions.Tests", "Golden", file);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }
}
