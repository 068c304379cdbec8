"""What of a stranger's file any reader of it may open: no other file, no address, no rare format or codec.

The format list is what stops a playlist named .mp4 from being read as one, and so from naming other people's files.
Imports nothing: the script that probes reads it too.
"""

FORMATS = "mov,matroska,webm,avi,asf,mpegts,mpeg,flv,ogg,mp3,aac,wav,flac,mxf"
VIDEO_CODECS = (
    "h264,hevc,vp8,vp9,libvpx,libvpx-vp9,libdav1d,libaom-av1,av1,mpeg4,msmpeg4,msmpeg4v1,msmpeg4v2,h263,mpeg1video,"
    "mpeg2video,mjpeg,wmv1,wmv2,wmv3,vc1,theora,flv,prores,dvvideo,svq1,svq3,cinepak,camtasia"
)
AUDIO_CODECS = (
    "aac,aac_latm,mp3,mp3float,mp2,mp2float,ac3,eac3,dca,opus,libopus,vorbis,libvorbis,flac,amrnb,amrwb,wmav1,wmav2,"
    "wmapro,pcm_s16le,pcm_s16be,pcm_s24le,pcm_u8,pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,alac"
)
MAX_STREAMS = 32
MAX_PIXELS = 35651584  # of one frame: above it, a decoder does not even reserve memory

CONTAINER = {
    "protocol_whitelist": "file",
    "format_whitelist": FORMATS,
    "codec_whitelist": f"{VIDEO_CODECS},{AUDIO_CODECS}",
    "max_streams": str(MAX_STREAMS),
}
INPUT = CONTAINER | {"max_pixels": str(MAX_PIXELS)}
