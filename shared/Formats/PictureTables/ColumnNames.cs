namespace KeypointPipeline.Formats.PictureTables;

/// <summary>Names of columns in the tables that this product writes.</summary>
internal static class ColumnNames
{
    /// <summary>The picture's path.</summary>
    public const string Image = "image";

    /// <summary>The picture's width and height in pixels.</summary>
    public const string Width = "width", Height = "height";

    /// <summary>Whether a prediction succeeded.</summary>
    public const string Status = "status";

    /// <summary>The <see cref="Status"/> of a picture without keypoints.</summary>
    public const string Failed = "failed";

    /// <summary>The <see cref="Status"/> of a picture in which no face was found. It has no keypoints either.</summary>
    public const string WithoutFace = "no face found";

    /// <summary>The number of the face in its picture, largest first.</summary>
    public const string Face = "face";

    /// <summary>The instance's id.</summary>
    public const string Instance = "instance";

    /// <summary>What keeps rows on one side of the split.</summary>
    public const string Group = "group";

    /// <summary>The box.</summary>
    public const string BoxX = "box_x", BoxY = "box_y", BoxWidth = "box_width", BoxHeight = "box_height", Angle = "angle";

    /// <summary>The model version that predicted the points, and the checksum of the prediction.</summary>
    public const string Origin = "origin", Checksum = "checksum";

    /// <summary>The columns of a long table that name a keypoint and say where it is and whether it is visible.</summary>
    public const string Keypoint = "keypoint", X = "x", Y = "y", Visibility = "visibility";
}
