namespace ClockifyFunctions.LocalHost.Stack;

/// <summary>Paths in a clone of this repository.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The development build of the app, in the same configuration as this program.</summary>
    public static string DevelopmentBuild => Path.Combine(Root, "ClockifyFunctions", "bin", Configuration, "net10.0");

    /// <summary>The folder into which <c>./build.sh</c> publishes the app.</summary>
    public static string PublishedBuild => Path.Combine(Root, "out", "publish");

    public static string Sample => Path.Combine(Root, "samples", "time-entries.ndjson");

    public static string Agency { get; } = Path.Combine(Root, "samples", "agency");

#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "ClockifyFunctions.slnx"))) return folder.FullName;
        throw new InvalidOperationException("No parent folder of this program contains ClockifyFunctions.slnx. Run the program from a clone of the repository.");
    }
}
