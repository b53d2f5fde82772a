using System.Runtime.CompilerServices;

namespace ClockifyFunctions.Tests.Support;

/// <summary>Files under <c>Golden/</c> with expected outputs.</summary>
internal static class Golden
{
    public static void Same(string file, string actual, [CallerFilePath] string caller = "")
    {
        // Use the file in the sources instead of a copy, so that an update changes the reviewed file.
        var path = Path.Combine(caller[..caller.IndexOf("ClockifyFunctions.Tests", StringComparison.Ordinal)], "ClockifyFunctions.Tests", "Golden", file);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }
}
